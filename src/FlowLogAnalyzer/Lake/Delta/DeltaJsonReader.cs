using System.Text.Json;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>Reads one log entry. Actions this module has no use for (cdc and unknown ones) are passed over, as the protocol allows.</summary>
internal static class DeltaJsonReader
{
    /// <exception cref="InvalidDataException">The entry is not what the protocol says; the message names the file and the line.</exception>
    /// <param name="content">Of the file.</param>
    /// <param name="name">Of the file, for messages.</param>
    /// <param name="table">The table's folder or address, which absolute paths begin with.</param>
    public static DeltaCommit Read(ReadOnlyMemory<byte> content, string name, string table = "")
    {
        var parts = new Parts(table);
        var (line, actions) = (0, 0);
        var rest = content;
        while (rest.Length > 0)
        {
            line++;
            var end = rest.Span.IndexOf((byte)'\n');
            var text = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (text.Span.Trim("\r \t"u8).Length == 0)
                continue;
            ReadLine(text, parts, name, line);
            actions++;
        }

        var commit = parts.ToCommit();
        var fault = actions == 0 ? "it is empty" : ActionCounts.Fault(commit);
        return fault is null ? commit : throw new InvalidDataException($"The log entry '{name}' is not whole: {fault}. {DeltaLogFiles.Mend}");
    }

    private static void ReadLine(ReadOnlyMemory<byte> text, Parts parts, string name, int line)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            foreach (var action in document.RootElement.EnumerateObject())
                parts.Take(action.Name, action.Value);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"'{name}', line {line}: expected one action of a Delta log as a JSON object. {e.Message}", e);
        }
    }

    private sealed class Parts(string table)
    {
        private readonly List<AppTransaction> _transactions = [];
        private CommitStory _story = new();
        private readonly List<AddFile> _adds = [];
        private readonly List<RemoveFile> _removes = [];
        private readonly List<DomainMetadata> _domains = [];
        private DeltaProtocol? _protocol;
        private DeltaMetadata? _metadata;
        private string? _id;
        private string _operation = "UNKNOWN";
        private long _timestamp;

        public void Take(string action, JsonElement e)
        {
            switch (action)
            {
                case "add":
                    _adds.Add(Add(e, table));
                    break;
                case "remove":
                    _removes.Add(Remove(e, table));
                    break;
                case "domainMetadata":
                    _domains.Add(Domain(e));
                    break;
                case "protocol":
                    _protocol = new DeltaProtocol((int)Number(e, "minReaderVersion"), (int)Number(e, "minWriterVersion"), Texts(e, "readerFeatures"), Texts(e, "writerFeatures"));
                    break;
                case "metaData":
                    _metadata = Metadata(e);
                    break;
                case "commitInfo":
                    (_id, _operation, _timestamp) = (Text(e, "txnId"), Text(e, "operation") ?? _operation, Number(e, "timestamp"));
                    _story = CommitStoryReader.Read(e);
                    break;
                case "txn":
                    _transactions.Add(new AppTransaction(Text(e, "appId")!, Number(e, "version"), e.TryGetProperty("lastUpdated", out _) ? Number(e, "lastUpdated") : null));
                    break;
            }
        }

        public DeltaCommit ToCommit() => new()
        {
            CommitId = _id,
            Operation = _operation,
            TimestampMs = _timestamp,
            Protocol = _protocol,
            Metadata = _metadata,
            Adds = _adds,
            Removes = _removes,
            Domains = _domains,
            Transactions = _transactions,
            Story = _story,
        };
    }

    private static AddFile Add(JsonElement e, string table)
    {
        var spelled = e.GetProperty("path").GetString()!;
        var path = DeltaPath.Of(spelled, table);
        return new AddFile(path, Map(e, "partitionValues"), Number(e, "size"), Number(e, "modificationTime"))
        {
            DataChange = Flag(e, "dataChange"),
            Stats = Text(e, "stats"),
            Tags = e.TryGetProperty("tags", out var tags) && tags.ValueKind == JsonValueKind.Object ? Map(e, "tags") : null,
            LogPath = spelled == path ? null : spelled,
        };
    }

    private static RemoveFile Remove(JsonElement e, string table)
    {
        var spelled = e.GetProperty("path").GetString()!;
        var path = DeltaPath.OfRemoved(spelled, table);
        return new RemoveFile(path, Number(e, "deletionTimestamp"))
        {
            DataChange = Flag(e, "dataChange"),
            PartitionValues = Map(e, "partitionValues"),
            Size = Number(e, "size"),
            Stats = Text(e, "stats"),
            LogPath = spelled == path ? null : spelled,
        };
    }

    /// <summary>What flowlog wrote is JSON: here the file and the line are known, later only the domain.</summary>
    private static DomainMetadata Domain(JsonElement e)
    {
        var domain = new DomainMetadata(Text(e, "domain")!, Text(e, "configuration") ?? "", Flag(e, "removed"));
        if (!domain.Removed && domain.Domain.StartsWith("flowlog.", StringComparison.Ordinal))
            using (JsonDocument.Parse(domain.Configuration))
                return domain;
        return domain;
    }

    private static DeltaMetadata Metadata(JsonElement e) => new(Text(e, "id")!, Text(e, "schemaString") ?? "", Texts(e, "partitionColumns"), Number(e, "createdTime"))
    {
        Name = Text(e, "name"),
        Description = Text(e, "description"),
        Configuration = Map(e, "configuration").ToDictionary(p => p.Key, p => p.Value ?? ""),
    };

    private static string? Text(JsonElement e, string name) => e.TryGetProperty(name, out var v) && v.ValueKind != JsonValueKind.Null ? v.GetString() : null;

    private static long Number(JsonElement e, string name) => e.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.Number ? v.GetInt64() : 0;

    private static bool Flag(JsonElement e, string name) => e.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.True;

    private static List<string> Texts(JsonElement e, string name) =>
        e.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.Array ? [.. v.EnumerateArray().Select(t => t.GetString()!)] : [];

    private static SortedDictionary<string, string?> Map(JsonElement e, string name)
    {
        var map = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        if (e.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.Object)
            foreach (var p in v.EnumerateObject())
                map[p.Name] = p.Value.GetString();
        return map;
    }
}
