using System.Globalization;
using System.Text;
using Parquet;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>
/// Writes the checkpoints of one table, a row group at a time, in memory that is kept from one checkpoint to the next: each holds
/// all of the table, and a long ingest would otherwise allocate more for them than for its rows. For any number of threads.
/// </summary>
internal sealed class CheckpointWriter(DeltaLog log)
{
    /// <summary>Actions are up to two kilobytes of text, so that a column of a row group stays below two megabytes.</summary>
    private const int RowsPerGroup = 1000;

    private const int MostBytesKept = 8 * 1024 * 1024;

    private static readonly ParquetOptions Options = new()
    {
        CompressionMethod = CompressionMethod.Snappy,
        CompressionLevel = System.IO.Compression.CompressionLevel.Fastest,
    };

    private Buffers? _spare;

    /// <summary>Writes the checkpoint of <paramref name="snapshot"/> and points <c>_last_checkpoint</c> to it.</summary>
    /// <remarks>Removed files older than <paramref name="tombstonesSinceMs"/> are forgotten.</remarks>
    public async ValueTask WriteAsync(DeltaSnapshot snapshot, long tombstonesSinceMs, CancellationToken ct)
    {
        var buffers = Interlocked.Exchange(ref _spare, null) ?? new Buffers();
        var rows = await FillAsync(buffers, snapshot, tombstonesSinceMs, ct);

        // Two writers may both checkpoint a version: the contents mean the same, so whoever is first is right.
        await log.Store.PutIfAbsentAsync(log.Folder + DeltaNames.Checkpoint(snapshot.Version), buffers.Written, ct);
        var hint = string.Create(CultureInfo.InvariantCulture, $"{{\"version\":{snapshot.Version},\"size\":{rows}}}");
        await log.Store.PutAsync(log.Folder + DeltaNames.LastCheckpoint, Encoding.UTF8.GetBytes(hint), ct);
        buffers.Content.SetLength(0);
        if (buffers.Content.Capacity <= MostBytesKept)
            _spare = buffers;
    }

    /// <summary>Returns the number of actions.</summary>
    private static async ValueTask<int> FillAsync(Buffers buffers, DeltaSnapshot snapshot, long tombstonesSinceMs, CancellationToken ct)
    {
        var columns = buffers.Columns;
        var rows = 0;
        await using var writer = await ParquetWriter.CreateAsync(columns.Schema, buffers.Content, Options, false, ct);
        foreach (var _ in Actions(columns, snapshot, tombstonesSinceMs))
        {
            rows++;
            if (columns.EndRow() == RowsPerGroup)
                await WriteGroupAsync(writer, columns, ct);
        }

        if (columns.Rows > 0)
            await WriteGroupAsync(writer, columns, ct);
        return rows;
    }

    private static async ValueTask WriteGroupAsync(ParquetWriter writer, CheckpointColumns columns, CancellationToken ct)
    {
        using var group = writer.CreateRowGroup();
        foreach (var leaf in columns.Leaves)
            await leaf.WriteAsync(group, ct);
        columns.Clear();
    }

    /// <summary>Sets the columns of one action after the other; gives the name of what it has set.</summary>
    private static IEnumerable<string> Actions(CheckpointColumns c, DeltaSnapshot snapshot, long tombstonesSinceMs)
    {
        Protocol(c, snapshot.Protocol!);
        yield return "protocol";
        Metadata(c, snapshot.Metadata!);
        yield return "metaData";
        foreach (var (name, configuration) in snapshot.Domains.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            c.Set("domainMetadata/domain", name);
            c.Set("domainMetadata/configuration", configuration);
            c.Set("domainMetadata/removed", false);
            yield return "domainMetadata";
        }

        foreach (var transaction in snapshot.Transactions.Values.OrderBy(t => t.AppId, StringComparer.Ordinal))
        {
            Transaction(c, transaction);
            yield return "txn";
        }

        foreach (var file in snapshot.Tombstones.Values.Where(t => t.DeletionTimestampMs >= tombstonesSinceMs).OrderBy(t => t.Path, StringComparer.Ordinal))
        {
            Remove(c, file);
            yield return "remove";
        }

        foreach (var file in snapshot.Files.Values.OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            Add(c, file);
            yield return "add";
        }
    }

    private static void Protocol(CheckpointColumns c, DeltaProtocol protocol)
    {
        c.Set("protocol/minReaderVersion", protocol.MinReaderVersion);
        c.Set("protocol/minWriterVersion", protocol.MinWriterVersion);
        // Null lists below reader 3 and writer 7: readers refuse a list they must not see.
        if (protocol.MinWriterVersion >= 7)
            c.SetList("protocol/writerFeatures", protocol.WriterFeatures);
        if (protocol.MinReaderVersion >= 3)
            c.SetList("protocol/readerFeatures", protocol.ReaderFeatures);
        else
            c.SetMissing("protocol/readerFeatures/list/element", 1);
        if (protocol.MinWriterVersion < 7)
            c.SetMissing("protocol/writerFeatures/list/element", 1);
    }

    private static void Metadata(CheckpointColumns c, DeltaMetadata metadata)
    {
        c.Set("metaData/id", metadata.Id);
        c.Set("metaData/name", metadata.Name);
        c.Set("metaData/description", metadata.Description);
        c.Set("metaData/format/provider", "parquet");
        c.SetMap("metaData/format/options", []);
        c.Set("metaData/schemaString", metadata.SchemaJson);
        c.SetList("metaData/partitionColumns", metadata.PartitionColumns);
        c.SetMap("metaData/configuration", metadata.Configuration.Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)));
        c.Set("metaData/createdTime", metadata.CreatedTimeMs);
    }

    private static void Add(CheckpointColumns c, AddFile file)
    {
        c.Set("add/path", file.LogPath ?? file.Path);
        c.SetMap("add/partitionValues", file.PartitionValues);
        c.Set("add/size", file.Size);
        c.Set("add/modificationTime", file.ModificationTimeMs);
        c.Set("add/dataChange", false);
        c.Set("add/stats", file.Stats);
        if (file.Tags is { } tags)
            c.SetMap("add/tags", tags);
        else
            c.SetNoMap("add/tags");
    }

    private static void Transaction(CheckpointColumns c, AppTransaction transaction)
    {
        c.Set("txn/appId", transaction.AppId);
        c.Set("txn/version", transaction.Version);
        if (transaction.LastUpdatedMs is { } updated)
            c.Set("txn/lastUpdated", updated);
        else
            c.SetMissing("txn/lastUpdated", 1);
    }

    private static void Remove(CheckpointColumns c, RemoveFile file)
    {
        c.Set("remove/path", file.LogPath ?? file.Path);
        c.Set("remove/deletionTimestamp", file.DeletionTimestampMs);
        c.Set("remove/dataChange", false);
        c.Set("remove/extendedFileMetadata", true);
        c.SetMap("remove/partitionValues", file.PartitionValues);
        c.Set("remove/size", file.Size);
    }

    /// <summary>The columns of a checkpoint and its bytes.</summary>
    private sealed class Buffers
    {
        public CheckpointColumns Columns { get; } = new();

        public MemoryStream Content { get; } = new();

        public ReadOnlyMemory<byte> Written => Content.GetBuffer().AsMemory(0, (int)Content.Length);
    }
}
