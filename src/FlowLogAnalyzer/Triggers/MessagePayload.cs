using System.Text;
using System.Text.Json;

namespace FlowLogAnalyzer.Triggers;

/// <summary>One message: its JSON, or the text that is none.</summary>
public sealed record MessagePayload(JsonElement? Json, string? Text)
{
    /// <summary>A Functions host adds three layers at most, a queue's own base64 and a sender's escaping one each.</summary>
    private const int MaxLayers = 6;

    /// <summary>
    /// Our messages are JSON objects and arrays of them. Queues and hosts wrap them: as text in a JSON string, as base64, as
    /// text that holds an array. Layers are taken off until an object appears.
    /// </summary>
    public static IReadOnlyList<MessagePayload> Unwrap(JsonElement value) => [.. Unwrap(value, MaxLayers)];

    /// <summary>The same for the text of a queue message, plain or base64.</summary>
    public static IReadOnlyList<MessagePayload> Unwrap(string text) => [.. OfText(text, MaxLayers)];

    private static IEnumerable<MessagePayload> Unwrap(JsonElement value, int layers) => value.ValueKind switch
    {
        JsonValueKind.Object when layers > 0 && Rejected(value) is { } text => OfText(text, layers - 1),
        JsonValueKind.Object => [new MessagePayload(value, null)],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => Unwrap(item, layers)),
        JsonValueKind.String when layers > 0 => OfText(value.GetString()!, layers - 1),
        JsonValueKind.Null or JsonValueKind.Undefined => [],
        _ => [new MessagePayload(null, value.ToString())],
    };

    /// <summary>What a worker has put into a poison queue, and somebody back into the queue, is the message in it.</summary>
    private static string? Rejected(JsonElement value) =>
        value.TryGetProperty("reason", out _) && value.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String ? message.GetString() : null;

    private static IEnumerable<MessagePayload> OfText(string text, int layers)
    {
        if (Parse(text) is { ValueKind: JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.String } inner)
            return Unwrap(inner, layers);

        // Plain words can look like base64; only what gives JSON of a message was meant as such.
        return Base64(text) is { } decoded && Parse(decoded) is { ValueKind: JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.String } wrapped
            ? Unwrap(wrapped, layers)
            : [new MessagePayload(null, text)];
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
}
