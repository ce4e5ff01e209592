using System.Text;
using System.Text.Json;

namespace FlowLogAnalyzer.Functions.Protocol;

/// <summary>
/// Reads <c>{"Data":{…},"Metadata":{…}}</c>. The host wraps values in more layers than its documentation shows: a text
/// arrives as a JSON string that holds a JSON string, bytes as base64, arrays as text that holds an array. Our messages
/// are JSON objects and arrays of them, so layers are taken off until one appears.
/// </summary>
internal static class InvocationDecoder
{
    /// <summary>The host adds three layers at most, a queue's own base64 and a sender's escaping one each.</summary>
    private const int MaxLayers = 6;

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

        var payloads = data.EnumerateObject().SelectMany(binding => Payloads(binding.Value, MaxLayers)).ToList();
        var metadata = TryGet(root, "Metadata", out var m) && m.ValueKind == JsonValueKind.Object
            ? m.EnumerateObject().DistinctBy(p => p.Name).ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal)
            : [];
        return new Invocation(id, payloads, metadata);
    }

    private static IEnumerable<Payload> Payloads(JsonElement value, int layers) => value.ValueKind switch
    {
        JsonValueKind.Object => [new Payload(value, null)],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => Payloads(item, layers)),
        JsonValueKind.String when layers > 0 => OfText(value.GetString()!, layers - 1),
        JsonValueKind.Null or JsonValueKind.Undefined => [],
        _ => [new Payload(null, value.ToString())],
    };

    private static IEnumerable<Payload> OfText(string text, int layers)
    {
        if (Parse(text) is { ValueKind: JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.String } inner)
            return Payloads(inner, layers);

        // Plain words can look like base64; only what gives JSON of a message was meant as such.
        return Base64(text) is { } decoded && Parse(decoded) is { ValueKind: JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.String } wrapped
            ? Payloads(wrapped, layers)
            : [new Payload(null, text)];
    }

    private static JsonElement? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.TrimStart('\ufeff'));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Base64(string text)
    {
        var bytes = new byte[(text.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
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
