using System.Globalization;
using System.Text.Json;

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
            _ => null,
        };
    }

    /// <summary>An ARM id in lower case: the same id comes in several spellings.</summary>
    public static string? ArmId(this JsonElement element, string path) => element.Text(path)?.ToLowerInvariant();

    public static int? Int(this JsonElement element, string path)
    {
        var value = element.At(path);
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number))
            return number;

        return value.ValueKind == JsonValueKind.String && int.TryParse(value.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out number) ? number : null;
    }

    public static bool? Bool(this JsonElement element, string path) => element.At(path).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => bool.TryParse(element.Text(path), out var value) ? value : null,
        _ => null,
    };

    public static DateTime? Time(this JsonElement element, string path) =>
        DateTimeOffset.TryParse(element.Text(path), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime : null;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string path)
    {
        var value = element.At(path);
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Where(i => !IsNothing(i)) : [];
    }

    public static IReadOnlyList<string> Texts(this JsonElement element, string path) =>
        [.. element.Items(path).Where(i => i.ValueKind == JsonValueKind.String).Select(i => i.GetString()!).Where(t => t.Length > 0)];

    /// <summary>The plural field when it has values, else the singular one.</summary>
    public static IReadOnlyList<string> OneOrMany(this JsonElement element, string one, string many) =>
        element.Texts(many) is { Count: > 0 } values ? values : element.Text(one) is { } value ? [value] : [];

    /// <summary>A map of strings in key order, so that equal maps have equal JSON.</summary>
    public static IReadOnlyDictionary<string, string> Map(this JsonElement element, string path, Func<string, bool>? keep = null)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var value = element.At(path);
        if (value.ValueKind == JsonValueKind.Object)
            foreach (var property in value.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.String && (keep is null || keep(p.Name))))
                map[property.Name] = property.Value.GetString()!;

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
