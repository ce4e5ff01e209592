using System.Text.Json;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>A field of an exported object holds what it cannot hold: the object is refused, the rest of the file is not.</summary>
internal sealed class FieldException(string field, string problem) : Exception($"the field '{field}' {problem}")
{
    public static FieldException WrongType(string field, string expected, JsonElement found) =>
        new(field, $"is {Name(found)}, where {expected} belongs");

    private static string Name(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"the text '{Short(element)}'",
        JsonValueKind.Number => $"the number {element.GetRawText()}",
        JsonValueKind.True or JsonValueKind.False => element.ValueKind == JsonValueKind.True ? "true" : "false",
        _ => "nothing",
    };

    private static string Short(JsonElement text) => text.GetRawText().Trim('"') is { Length: > 40 } longText ? longText[..40] + "…" : text.GetRawText().Trim('"');
}
