using System.Globalization;
using System.Text;
using Parquet;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>
/// Writes the checkpoints of one table. What it needs for one is kept for the next, since each holds all of the table: a long
/// ingest would otherwise allocate more for its checkpoints than for its rows. For any number of threads.
/// </summary>
internal sealed class CheckpointWriter(DeltaLog log)
{
    /// <summary>Rows up to which the memory is kept, about a hundred bytes for each.</summary>
    private const int MostRowsKept = 100_000;

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
        var rows = Fill(buffers.Columns, snapshot, tombstonesSinceMs);
        await using (var writer = await ParquetWriter.CreateAsync(buffers.Columns.Schema, buffers.Content, Options, false, ct))
        {
            using var group = writer.CreateRowGroup();
            foreach (var leaf in buffers.Columns.Leaves)
                await leaf.WriteAsync(group, ct);
        }

        // Two writers may both checkpoint a version: the contents mean the same, so whoever is first is right.
        await log.Store.PutIfAbsentAsync(log.Folder + DeltaNames.Checkpoint(snapshot.Version), buffers.Written, ct);
        var hint = string.Create(CultureInfo.InvariantCulture, $"{{\"version\":{snapshot.Version},\"size\":{rows}}}");
        await log.Store.PutAsync(log.Folder + DeltaNames.LastCheckpoint, Encoding.UTF8.GetBytes(hint), ct);
        if (rows <= MostRowsKept)
            _spare = buffers.Cleared();
    }

    private static int Fill(CheckpointColumns c, DeltaSnapshot snapshot, long tombstonesSinceMs)
    {
        var rows = 0;
        void End() => c.EndRow(++rows);

        Protocol(c, snapshot.Protocol!);
        End();
        Metadata(c, snapshot.Metadata!);
        End();
        foreach (var (name, configuration) in snapshot.Domains.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            c.Set("domainMetadata/domain", name);
            c.Set("domainMetadata/configuration", configuration);
            c.Set("domainMetadata/removed", false);
            End();
        }

        foreach (var file in snapshot.Tombstones.Values.Where(t => t.DeletionTimestampMs >= tombstonesSinceMs).OrderBy(t => t.Path, StringComparer.Ordinal))
        {
            Remove(c, file);
            End();
        }

        foreach (var file in snapshot.Files.Values.OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            Add(c, file);
            End();
        }

        return rows;
    }

    private static void Protocol(CheckpointColumns c, DeltaProtocol protocol)
    {
        c.Set("protocol/minReaderVersion", protocol.MinReaderVersion);
        c.Set("protocol/minWriterVersion", protocol.MinWriterVersion);
        // Null lists below reader 3 and writer 7: readers refuse a list they must not see.
        if (protocol.MinWriterVersion >= 7)
            c.SetList("protocol/writerFeatures", protocol.WriterFeatures);
        c.SetMissing("protocol/readerFeatures/list/element", 1);
        if (protocol.MinWriterVersion < 7)
            c.SetMissing("protocol/writerFeatures/list/element", 1);
    }

    private static void Metadata(CheckpointColumns c, DeltaMetadata metadata)
    {
        c.Set("metaData/id", metadata.Id);
        c.Set("metaData/name", metadata.Name);
        c.Set("metaData/format/provider", "parquet");
        c.SetMap("metaData/format/options", []);
        c.Set("metaData/schemaString", metadata.SchemaJson);
        c.SetList("metaData/partitionColumns", metadata.PartitionColumns);
        c.SetMap("metaData/configuration", metadata.Configuration.Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)));
        c.Set("metaData/createdTime", metadata.CreatedTimeMs);
    }

    private static void Add(CheckpointColumns c, AddFile file)
    {
        c.Set("add/path", file.Path);
        c.SetMap("add/partitionValues", file.PartitionValues);
        c.Set("add/size", file.Size);
        c.Set("add/modificationTime", file.ModificationTimeMs);
        c.Set("add/dataChange", false);
        c.Set("add/stats", file.Stats);
    }

    private static void Remove(CheckpointColumns c, RemoveFile file)
    {
        c.Set("remove/path", file.Path);
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

        public Buffers Cleared()
        {
            Columns.Clear();
            Content.SetLength(0);
            return this;
        }
    }
}
