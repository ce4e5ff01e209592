using System.Globalization;
using System.Text;
using Parquet;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>Classic single-file checkpoints: the state of the table at one version, so that loading need not read the whole log.</summary>
internal static class DeltaCheckpoint
{
    private static readonly ParquetOptions Options = new()
    {
        CompressionMethod = CompressionMethod.Snappy,
        CompressionLevel = System.IO.Compression.CompressionLevel.Fastest,
    };

    /// <summary>Writes the checkpoint of <paramref name="snapshot"/> and points <c>_last_checkpoint</c> to it.</summary>
    /// <remarks>Removed files older than <paramref name="tombstonesSinceMs"/> are forgotten.</remarks>
    public static async ValueTask WriteAsync(DeltaLog log, DeltaSnapshot snapshot, long tombstonesSinceMs, CancellationToken ct)
    {
        var columns = new CheckpointColumns();
        var rows = Fill(columns, snapshot, tombstonesSinceMs);
        using var content = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(columns.Schema, content, Options, false, ct))
        {
            using var group = writer.CreateRowGroup();
            foreach (var leaf in columns.Leaves)
                await leaf.WriteAsync(group, ct);
        }

        // Two writers may both checkpoint a version: the contents mean the same, so whoever is first is right.
        await log.Store.PutIfAbsentAsync(log.Folder + DeltaNames.Checkpoint(snapshot.Version), content.ToArray(), ct);
        var hint = string.Create(CultureInfo.InvariantCulture, $"{{\"version\":{snapshot.Version},\"size\":{rows}}}");
        await log.Store.PutAsync(log.Folder + DeltaNames.LastCheckpoint, Encoding.UTF8.GetBytes(hint), ct);
    }

    /// <exception cref="FileNotFoundException">There is no checkpoint of that version.</exception>
    public static async ValueTask<DeltaSnapshot> ReadAsync(DeltaLog log, long version, CancellationToken ct)
    {
        var path = log.Folder + DeltaNames.Checkpoint(version);
        await using var stream = await log.Store.OpenReadAsync(path, ct);
        try
        {
            return await CheckpointReader.ReadAsync(stream, version, ct);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or KeyNotFoundException or InvalidCastException)
        {
            throw new InvalidDataException($"'{log.Store.Location}/{path}' is not a readable checkpoint: {e.Message}", e);
        }
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
}
