using System.Text.Json;

namespace FlowLogAnalyzer.Reports.Delivery;

/// <summary>
/// A summary as the body of a webhook's request. Names from logs go into plain text only (Slack's plain_text, Adaptive
/// Cards' TextRun), where nothing of them is taken for a mention, a link or a format.
/// </summary>
public static class WebhookMessage
{
    /// <summary>Slack refuses text blocks of more than 3000 characters.</summary>
    private const int MostCharacters = 500;

    /// <param name="summary">What to say.</param>
    /// <param name="kind">How to write it.</param>
    /// <param name="link">Where the report can be read, if anywhere.</param>
    public static byte[] Of(ReportSummary summary, WebhookKind kind, Uri? link)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            if (kind == WebhookKind.Teams)
                WriteTeams(json, summary, link);
            else
                WriteSlack(json, summary, link);
        }

        return stream.ToArray();
    }

    /// <summary>Slack docs, "Sending messages using incoming webhooks" and "Block Kit".</summary>
    private static void WriteSlack(Utf8JsonWriter json, ReportSummary summary, Uri? link)
    {
        json.WriteStartObject();
        // Read by notifications, and by those that know no blocks.
        json.WriteString("text", string.Join('\n', Lines(summary).Prepend(summary.Title).Select(Harmless)) + (link is null ? "" : $"\n{link.AbsoluteUri}"));
        json.WriteStartArray("blocks");
        Block(json, "header", summary.Title);
        foreach (var line in Lines(summary))
            Block(json, "section", line);
        if (link is not null)
        {
            json.WriteStartObject();
            json.WriteString("type", "section");
            json.WriteStartObject("text");
            json.WriteString("type", "mrkdwn");
            json.WriteString("text", $"<{link.AbsoluteUri}|Read the report>");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Block(Utf8JsonWriter json, string type, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteStartObject("text");
        json.WriteString("type", "plain_text");
        json.WriteBoolean("emoji", false);
        json.WriteString("text", text);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Microsoft docs, "Create incoming webhooks with Workflows for Microsoft Teams": one Adaptive Card.</summary>
    private static void WriteTeams(Utf8JsonWriter json, ReportSummary summary, Uri? link)
    {
        json.WriteStartObject();
        json.WriteString("type", "message");
        json.WriteStartArray("attachments");
        json.WriteStartObject();
        json.WriteString("contentType", "application/vnd.microsoft.card.adaptive");
        json.WriteStartObject("content");
        json.WriteString("type", "AdaptiveCard");
        json.WriteString("version", "1.4");
        json.WriteStartArray("body");
        TextRun(json, summary.Title, isTitle: true);
        foreach (var line in Lines(summary))
            TextRun(json, line, isTitle: false);
        json.WriteEndArray();
        if (link is not null)
        {
            json.WriteStartArray("actions");
            json.WriteStartObject();
            json.WriteString("type", "Action.OpenUrl");
            json.WriteString("title", "Read the report");
            json.WriteString("url", link.AbsoluteUri);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void TextRun(Utf8JsonWriter json, string text, bool isTitle)
    {
        json.WriteStartObject();
        json.WriteString("type", "RichTextBlock");
        json.WriteStartArray("inlines");
        json.WriteStartObject();
        json.WriteString("type", "TextRun");
        json.WriteString("text", text);
        if (isTitle)
        {
            json.WriteString("size", "large");
            json.WriteString("weight", "bolder");
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static IEnumerable<string> Lines(ReportSummary summary) =>
        summary.Sentences.Append($"Findings: {summary.Counts}.").Select(line => ReportText.Shorten(ReportText.Visible(line), MostCharacters));

    /// <summary>Without blocks there is no plain text: what could mention somebody is taken apart.</summary>
    private static string Harmless(string line) =>
        line.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("@", "@\u200b", StringComparison.Ordinal);
}
