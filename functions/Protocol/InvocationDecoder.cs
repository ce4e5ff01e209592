using System.Text.Json;
using FlowLogAnalyzer.Triggers;

namespace FlowLogAnalyzer.Functions.Protocol;

/// <summary>
/// Reads <c>{"Data":{…},"Metadata":{…}}</c>. The host wraps values in more layers than its documentation shows: a text
/// arrives as a JSON string that holds a JSON string, bytes as base64, arrays as text that holds an array.
/// </summary>
internal static class InvocationDecoder
{
    /// <exception cref="FormatException">It is not such a body; the message says what was expected.</exception>
    public static Invocation Decode(string id, ReadOnlyMemory<byte> body)
    {
        if (body.Span.Trim(" \t\r\n"u8).IsEmpty)
            throw new FormatException("The body is empty; expected is {\"Data\":{...},\"Metadata\":{...}}.");

        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(body);
            root = document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new FormatException($"The body is not JSON ({e.Message}); expected is {{\"Data\":{{...}},\"Metadata\":{{...}}}}.", e);
        }

        if (root.ValueKind != JsonValueKind.Object || !TryGet(root, "Data", out var data) || data.ValueKind != JsonValueKind.Object)
            throw new FormatException("The body has no object Data; expected is {\"Data\":{...},\"Metadata\":{...}}.");

        var payloads = data.EnumerateObject().SelectMany(binding => MessagePayload.Unwrap(binding.Value)).ToList();
        var metadata = TryGet(root, "Metadata", out var m) && m.ValueKind == JsonValueKind.Object
            ? m.EnumerateObject().DistinctBy(p => p.Name).ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal)
            : [];
        return new Invocation(id, payloads, metadata);
    }

    private static bool TryGet(JsonElement element, string name, out JsonElement value)
    {
        foreach (var property in element.EnumerateObject().Where(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            value = property.Value;
            return true;
        }

        value = default;
        return false;
    }
}
