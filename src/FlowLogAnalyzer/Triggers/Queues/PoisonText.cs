using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FlowLogAnalyzer.Triggers.Queues;

/// <summary>
/// What goes into a poison queue: the message with the reason. A queue takes 64 KiB, and a message that is nearly as long already
/// must get there all the same, or it comes back for ever: then the reason is cut short, and at last left away.
/// </summary>
internal static class PoisonText
{
    /// <summary>Of one message, encoded (REST API, "Put Message").</summary>
    public const int MostBytes = 64 * 1024;
    private const int ShortReason = 200;
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text to send, encoded as far as it is to be.</summary>
    /// <param name="body">The message as it came.</param>
    /// <param name="reason">Why it was given up.</param>
    /// <param name="facts">What else is known of it.</param>
    public static string Of(string body, string reason, params ReadOnlySpan<(string Name, string Value)> facts)
    {
        foreach (var why in new[] { reason, reason.Length > ShortReason ? reason[..ShortReason] + "…" : reason })
        {
            var fields = new Dictionary<string, string> { ["reason"] = why };
            foreach (var (name, value) in facts)
                fields[name] = value;
            fields["message"] = body;
            var text = Encoded(JsonSerializer.Serialize(fields, Plain));
            if (text.Length <= MostBytes)
                return text;
        }

        return body;
    }

    /// <summary>As a Functions host expects it, and the portal shows it.</summary>
    public static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
