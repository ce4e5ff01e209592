using System.Text.Json;

namespace FlowLogAnalyzer.Nsg.Import;

/// <summary>Reading properties whose case depends on the tool: az and ARM write camelCase, PowerShell writes PascalCase.</summary>
internal static class JsonNames
{
    /// <summary>The property without regard to case; null when it is missing, null or the element is no object.</summary>
    public static JsonElement? Get(this JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        if (element.TryGetProperty(name, out var exact))
            return exact.ValueKind == JsonValueKind.Null ? null : exact;

        foreach (var property in element.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return property.Value.ValueKind == JsonValueKind.Null ? null : property.Value;
        }

        return null;
    }

    public static string? Text(this JsonElement element, string name) => element.Get(name) is { } value ? Text(value) : null;

    /// <summary>A string, or a number or boolean as text; null for objects and arrays.</summary>
    public static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.ToString(),
        _ => null,
    };

    /// <summary>The items of an array property; nothing when it is something else.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    public static bool Has(this JsonElement element, string name) => element.Get(name) is not null;

    /// <summary>The resource's body: <c>properties</c> in ARM, the object itself in az and PowerShell.</summary>
    public static JsonElement Body(this JsonElement element) =>
        element.Get("properties") is { ValueKind: JsonValueKind.Object } properties ? properties : element;

    public static IEnumerable<string> Ids(this JsonElement element, string name) =>
        element.Items(name).Select(i => i.ValueKind == JsonValueKind.String ? i.GetString() : i.Text("id")).OfType<string>();

    public static string LastSegment(string id) => id[(id.LastIndexOf('/') + 1)..];
}
