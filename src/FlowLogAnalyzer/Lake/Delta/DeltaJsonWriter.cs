using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>Writes one log entry: one JSON object per line and action.</summary>
internal static class DeltaJsonWriter
{
    private static readonly string Engine = $"FlowLogAnalyzer/{Telemetry.FlowLogTelemetry.Version}";
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(DeltaCommit commit) => JsonBuffer.Fill(Options, (log, json) => Write((log, json), commit), content => content.ToArray());

    private static void Write((ArrayBufferWriter<byte> Log, Utf8JsonWriter Json) to, DeltaCommit commit)
    {
        Line(to, "commitInfo", w => CommitInfo(w, commit));
        if (commit.Protocol is { } protocol)
            Line(to, "protocol", w => Protocol(w, protocol));
        if (commit.Metadata is { } metadata)
            Line(to, "metaData", w => Metadata(w, metadata));
        foreach (var transaction in commit.Transactions)
            Line(to, "txn", w => Transaction(w, transaction));
        foreach (var domain in commit.Domains)
            Line(to, "domainMetadata", w => Domain(w, domain));
        foreach (var file in commit.Removes)
            Line(to, "remove", w => Remove(w, file));
        foreach (var file in commit.Adds)
            Line(to, "add", w => Add(w, file));
    }

    private static void Line((ArrayBufferWriter<byte> Log, Utf8JsonWriter Json) to, string action, Action<Utf8JsonWriter> body)
    {
        to.Json.WriteStartObject();
        to.Json.WriteStartObject(action);
        body(to.Json);
        to.Json.WriteEndObject();
        to.Json.WriteEndObject();
        to.Json.Flush();
        to.Json.Reset();
        to.Log.Write("\n"u8);
    }

    private static void CommitInfo(Utf8JsonWriter w, DeltaCommit commit)
    {
        w.WriteNumber("timestamp", commit.TimestampMs);
        w.WriteString("operation", commit.Operation);
        Texts(w, "operationParameters", commit.Story.Parameters);
        if (commit.Story.ReadVersion is { } version)
            w.WriteNumber("readVersion", version);
        if (commit.Story.IsolationLevel is { } level)
            w.WriteString("isolationLevel", level);
        if (commit.Story.IsBlindAppend is { } blind)
            w.WriteBoolean("isBlindAppend", blind);
        Texts(w, "operationMetrics", commit.Story.Metrics);
        Texts(w, "tags", ActionCounts.Of(commit));
        w.WriteString("engineInfo", Engine);
        if (commit.CommitId is { } id)
            w.WriteString("txnId", id);
    }

    private static void Texts(Utf8JsonWriter w, string name, IReadOnlyDictionary<string, string> texts)
    {
        w.WriteStartObject(name);
        foreach (var (key, text) in texts)
            w.WriteString(key, text);
        w.WriteEndObject();
    }

    private static void Transaction(Utf8JsonWriter w, AppTransaction transaction)
    {
        w.WriteString("appId", transaction.AppId);
        w.WriteNumber("version", transaction.Version);
        if (transaction.LastUpdatedMs is { } updated)
            w.WriteNumber("lastUpdated", updated);
    }

    private static void Protocol(Utf8JsonWriter w, DeltaProtocol protocol)
    {
        w.WriteNumber("minReaderVersion", protocol.MinReaderVersion);
        w.WriteNumber("minWriterVersion", protocol.MinWriterVersion);
        // The lists exist only from reader 3 and writer 7 on.
        if (protocol.MinReaderVersion >= 3)
            Texts(w, "readerFeatures", protocol.ReaderFeatures);
        if (protocol.MinWriterVersion >= 7)
            Texts(w, "writerFeatures", protocol.WriterFeatures);
    }

    private static void Metadata(Utf8JsonWriter w, DeltaMetadata metadata)
    {
        w.WriteString("id", metadata.Id);
        if (metadata.Name is { } name)
            w.WriteString("name", name);
        if (metadata.Description is { } description)
            w.WriteString("description", description);
        w.WriteStartObject("format");
        w.WriteString("provider", "parquet");
        w.WriteStartObject("options");
        w.WriteEndObject();
        w.WriteEndObject();
        w.WriteString("schemaString", metadata.SchemaJson);
        Texts(w, "partitionColumns", metadata.PartitionColumns);
        w.WriteStartObject("configuration");
        foreach (var (key, value) in metadata.Configuration)
            w.WriteString(key, value);
        w.WriteEndObject();
        w.WriteNumber("createdTime", metadata.CreatedTimeMs);
    }

    private static void Domain(Utf8JsonWriter w, DomainMetadata domain)
    {
        w.WriteString("domain", domain.Domain);
        w.WriteString("configuration", domain.Configuration);
        w.WriteBoolean("removed", domain.Removed);
    }

    private static void Add(Utf8JsonWriter w, AddFile file)
    {
        w.WriteString("path", file.LogPath ?? file.Path);
        Map(w, "partitionValues", file.PartitionValues);
        w.WriteNumber("size", file.Size);
        w.WriteNumber("modificationTime", file.ModificationTimeMs);
        w.WriteBoolean("dataChange", file.DataChange);
        if (file.Stats is { } stats)
            w.WriteString("stats", stats);
        if (file.Tags is { } tags)
            Map(w, "tags", tags);
    }

    private static void Remove(Utf8JsonWriter w, RemoveFile file)
    {
        w.WriteString("path", file.LogPath ?? file.Path);
        w.WriteNumber("deletionTimestamp", file.DeletionTimestampMs);
        w.WriteBoolean("dataChange", file.DataChange);
        w.WriteBoolean("extendedFileMetadata", true);
        Map(w, "partitionValues", file.PartitionValues);
        w.WriteNumber("size", file.Size);
    }

    private static void Map(Utf8JsonWriter w, string name, IReadOnlyDictionary<string, string?> values)
    {
        w.WriteStartObject(name);
        foreach (var (key, value) in values)
            w.WriteString(key, value);
        w.WriteEndObject();
    }

    private static void Texts(Utf8JsonWriter w, string name, IReadOnlyList<string> texts)
    {
        w.WriteStartArray(name);
        foreach (var text in texts)
            w.WriteStringValue(text);
        w.WriteEndArray();
    }
}
