using System.Text;
using System.Text.Json;
using Azure.Storage.Queues.Models;

namespace FlowLogAnalyzer.Tests.Functions;

/// <summary>The wrappings in which a host 4.1037 was seen to send messages, and those of its documentation, by turns.</summary>
internal static class HostWrapping
{
    public static string Queue(byte[] message, int turn, QueueMessage about)
    {
        var text = Encoding.UTF8.GetString(message);
        object data = (turn % 4) switch
        {
            0 => Convert.ToBase64String(message), // dataType binary
            1 => JsonSerializer.Serialize(text), // text: a JSON string that holds a JSON string
            2 => text, // as documented
            _ => IsObject(text) ? JsonDocument.Parse(text).RootElement : JsonSerializer.Serialize(text),
        };
        var metadata = new Dictionary<string, object?>
        {
            // Numbers come as text in this host, as numbers in the documentation.
            ["DequeueCount"] = turn % 2 == 0 ? about.DequeueCount.ToString() : about.DequeueCount,
            ["Id"] = $"\"{about.MessageId}\"",
            ["PopReceipt"] = $"\"{about.PopReceipt}\"",
            ["InsertionTime"] = about.InsertedOn?.ToString("O"),
            ["sys"] = new { MethodName = "IngestFromQueue", UtcNow = "2026-11-20T10:00:00Z", RandGuid = "x" },
        };
        if (IsObject(text))
            foreach (var property in JsonDocument.Parse(text).RootElement.EnumerateObject())
                metadata.TryAdd(property.Name, property.Value.GetRawText());
        return Body("message", data, metadata);
    }

    /// <summary>A batch of events: texts or bytes, the array itself wrapped into a text or not.</summary>
    public static string Events(IEnumerable<string> events, int turn)
    {
        var items = events.Select(e => turn % 2 == 0 ? Convert.ToBase64String(Encoding.UTF8.GetBytes(e)) : e).ToList();
        object data = turn % 4 < 2 ? JsonSerializer.Serialize(items) : items;
        var numbers = JsonSerializer.Serialize(Enumerable.Range(0, items.Count));
        return Body("events", data, new Dictionary<string, object?>
        {
            ["PartitionContext"] = """{"EventHubName":"flowlog","PartitionId":"0"}""",
            ["SequenceNumberArray"] = numbers,
            ["OffsetArray"] = numbers,
            ["RetryContext"] = turn % 3 == 0 ? new { RetryCount = 1, MaxRetryCount = 5, Exception = new string('x', 4000) } : null,
        });
    }

    private static string Body(string binding, object data, Dictionary<string, object?> metadata) =>
        JsonSerializer.Serialize(new { Data = new Dictionary<string, object> { [binding] = data }, Metadata = metadata });

    private static bool IsObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
