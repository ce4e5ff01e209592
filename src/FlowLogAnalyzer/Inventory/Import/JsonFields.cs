using System.Globalization;
using System.Text.Json;
using FlowLogAnalyzer.Nsg;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>
/// Reads fields whatever the export's spelling: names without regard to case, and below <c>properties</c> when the
/// flattened form of the az CLI is not there. Absent, null and empty all come out as nothing.
/// </summary>
internal static class JsonFields
{
    public static JsonElement Get(this JsonElement element, string name)
    {
        var direct = Own(element, name);
        return IsNothing(direct) ? Own(Own(element, "properties"), name) : direct;
    }

    /// <summary>Follows a path of names separated by dots.</summary>
    public static JsonElement At(this JsonElement element, string path)
    {
        foreach (var name in path.Split('.'))
            element = element.Get(name);

        return element;
    }

    public static string? Text(this JsonElement element, string path)
    {
        var value = element.At(path);
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.Undefined or JsonValueKind.Null => null,
            _ => throw FieldException.WrongType(path, "a text", value),
        };
    }

    /// <summary>An ARM id in lower case: the same id comes in several spellings.</summary>
    public static string? ArmId(this JsonElement element, string path) => element.Text(path)?.ToLowerInvariant();

    public static int? Int(this JsonElement element, string path)
    {
        var value = element.At(path);
        if (value.IsNothing() || (value.ValueKind == JsonValueKind.String && value.GetString() is ""))
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number))
            return number;

        return value.ValueKind == JsonValueKind.String && int.TryParse(value.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out number)
            ? number
            : throw FieldException.WrongType(path, "a whole number", value);
    }

    public static bool? Bool(this JsonElement element, string path)
    {
        var value = element.At(path);
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Undefined or JsonValueKind.Null => null,
            JsonValueKind.String when bool.TryParse(value.GetString(), out var parsed) => parsed,
            JsonValueKind.String when value.GetString() is "" => null,
            _ => throw FieldException.WrongType(path, "true or false", value),
        };
    }

    public static DateTime? Time(this JsonElement element, string path) => element.Text(path) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime
        : throw new FieldException(path, $"is '{text}', which is no time such as 2026-11-20T09:30:00Z");

    public static IEnumerable<JsonElement> Items(this JsonElement element, string path)
    {
        var value = element.At(path);
        return value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray().Where(i => !IsNothing(i)),
            JsonValueKind.Undefined or JsonValueKind.Null => [],
            JsonValueKind.String when value.GetString() is "" => [], // what PowerShell makes of an empty list
            _ => throw FieldException.WrongType(path, "a list", value),
        };
    }

    public static IReadOnlyList<string> Texts(this JsonElement element, string path) =>
    [
        .. element.Items(path).Select(i => i.ValueKind == JsonValueKind.String ? i.GetString()! : throw FieldException.WrongType(path, "a list of texts", i)).Where(t => t.Length > 0),
    ];

    /// <summary>The plural field when it has values, else the singular one, into which PowerShell puts a list too.</summary>
    public static IReadOnlyList<string> OneOrMany(this JsonElement element, string one, string many) =>
        element.Texts(many) is { Count: > 0 } values ? values
        : element.At(one).ValueKind == JsonValueKind.Array ? element.Texts(one)
        : element.Text(one) is { } value ? [value] : [];

    /// <summary>Texts that have to be addresses or prefixes: what is none would be found out in the middle of a check.</summary>
    public static IReadOnlyList<string> Prefixes(this JsonElement element, string path) => AllPrefixes(element.Texts(path), path);

    /// <summary><see cref="OneOrMany"/> of prefixes.</summary>
    public static IReadOnlyList<string> Prefixes(this JsonElement element, string one, string many) => AllPrefixes(element.OneOrMany(one, many), many);

    public static IReadOnlyList<string> AllPrefixes(IReadOnlyList<string> texts, string path) =>
        texts.FirstOrDefault(t => !AddressRange.TryParse(t, out _)) is { } bad
            ? throw new FieldException(path, $"holds '{bad}', which is no address prefix such as 10.0.0.0/16")
            : texts;

    /// <summary>A map of strings in key order, so that equal maps have equal JSON.</summary>
    public static IReadOnlyDictionary<string, string> Map(this JsonElement element, string path, Func<string, bool>? keep = null)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var value = element.At(path);
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject().Where(p => !p.Value.IsNothing() && (keep is null || keep(p.Name))))
                map[property.Name] = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : throw FieldException.WrongType($"{path}.{property.Name}", "a text", property.Value);
        }
        else if (!value.IsNothing() && !(value.ValueKind == JsonValueKind.String && value.GetString() is ""))
        {
            throw FieldException.WrongType(path, "an object", value);
        }

        return map;
    }

    public static bool IsNothing(this JsonElement element) => element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    private static JsonElement Own(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return default;

        if (element.TryGetProperty(name, out var exact))
            return exact;

        foreach (var property in element.EnumerateObject())
            if (string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase))
                return property.Value;

        return default;
    }
}
