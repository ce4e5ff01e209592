using System.Text.Json;
using FlowLogAnalyzer.Lake.Maintenance;

namespace FlowLogAnalyzer.Triggers;

/// <summary>A blob that is said to have been written: a reference, never the content.</summary>
/// <param name="Url">Address of the blob, without a query; below a folder it is a path.</param>
/// <param name="ETag">Of the state that was written, without quotes, when the sender knew it.</param>
public sealed record WorkItem(string Url, string? ETag = null);

/// <summary>What a message held.</summary>
/// <param name="Items">Blobs to read.</param>
/// <param name="Ignored">Why events are not about flow logs that have grown; whole sentences.</param>
/// <param name="Problem">Why the message cannot be understood, or null.</param>
public sealed record WorkMessage(IReadOnlyList<WorkItem> Items, IReadOnlyList<string> Ignored, string? Problem = null)
{
    /// <summary>Parts of the lake whose small files are to be merged.</summary>
    public IReadOnlyList<CompactionJob> Compactions { get; init; } = [];
}

/// <summary>
/// Reads events of Azure Storage, in Event Grid's schema and as CloudEvents, one or an array of them
/// (Azure docs, event-grid/event-schema-blob-storage), and work items of our own: <c>{"url":"…"}</c> and
/// <see cref="CompactionMessage"/>.
/// </summary>
public static class BlobEvents
{
    private const string Created = "Microsoft.Storage.BlobCreated";

    /// <summary>The calls that end a write; others come before the content is whole.</summary>
    private static readonly string[] Commits = ["PutBlob", "PutBlockList", "CopyBlob", "FlushWithClose"];

    /// <summary>All payloads of a message as one; it has a problem when any of them has.</summary>
    public static WorkMessage Read(IReadOnlyList<MessagePayload> payloads)
    {
        WorkMessage[] read = payloads.Count == 0
            ? [new WorkMessage([], [], "The message is empty.")]
            : [.. payloads.Select(Read)];
        string[] problems = [.. read.Select(m => m.Problem).OfType<string>()];
        return new WorkMessage([.. read.SelectMany(m => m.Items)], [.. read.SelectMany(m => m.Ignored)], problems.Length == 0 ? null : string.Join(' ', problems))
        {
            Compactions = [.. read.SelectMany(m => m.Compactions)],
        };
    }

    public static WorkMessage Read(MessagePayload payload) =>
        payload.Json is { } json ? Read(json) : new WorkMessage([], [], $"'{Short(payload.Text!)}' is no JSON.");

    public static WorkMessage Read(JsonElement message)
    {
        var items = new List<WorkItem>();
        var ignored = new List<string>();
        var compactions = new List<CompactionJob>();
        var events = message.ValueKind == JsonValueKind.Array ? message.EnumerateArray().ToList() : [message];
        foreach (var one in events)
        {
            if (one.ValueKind != JsonValueKind.Object)
                return new WorkMessage([], [], $"An event is a JSON object; this is {Kind(one)}.");
            if (Text(one, "url") is { Length: > 0 } url)
                items.Add(new WorkItem(WithoutQuery(url), Text(one, "eTag")?.Trim('"')));
            else if (CompactionMessage.Read(one) is { } job)
                compactions.Add(job);
            else if (one.TryGetProperty(CompactionMessage.Field, out _))
                return new WorkMessage([], [], $"{CompactionMessage.Expected}; this is {Short(one.GetRawText())}.");
            else if (Event(one, items, ignored) is { } problem)
                return new WorkMessage([], [], problem);
        }

        return new WorkMessage(items, ignored) { Compactions = compactions };
    }

    private static string? Event(JsonElement one, List<WorkItem> items, List<string> ignored)
    {
        var type = Text(one, "eventType") ?? Text(one, "type");
        if (type is null || !one.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object)
            return "This is neither an event of Event Grid (eventType or type, and data) nor a work item (url).";
        if (type != Created)
        {
            ignored.Add($"An event of type {type} is not about a blob that was written.");
            return null;
        }

        if (Text(data, "url") is not { Length: > 0 } url)
            return $"An event of type {type} has no data.url.";
        if (Text(data, "api") is { } api && !Commits.Contains(api, StringComparer.Ordinal))
            ignored.Add($"The call {api} on '{WithoutQuery(url)}' does not end a write.");
        else if (!WithoutQuery(url).EndsWith("/PT1H.json", StringComparison.OrdinalIgnoreCase))
            ignored.Add($"'{WithoutQuery(url)}' is no flow log: its name does not end in PT1H.json.");
        else
            items.Add(new WorkItem(WithoutQuery(url), Text(data, "eTag")?.Trim('"')));
        return null;
    }

    private static string WithoutQuery(string url) => url.Split('?')[0];

    internal static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";

    private static string Kind(JsonElement element) => element.ValueKind.ToString().ToLowerInvariant();
}
