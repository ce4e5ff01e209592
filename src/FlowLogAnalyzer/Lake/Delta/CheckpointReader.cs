using System.Collections.Immutable;
using Parquet;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>Reads a checkpoint back, also one that another engine wrote: by column name, absent columns are null.</summary>
internal static class CheckpointReader
{
    public static async Task<DeltaSnapshot> ReadAsync(Stream stream, long version, CancellationToken ct)
    {
        await using var reader = await ParquetReader.CreateAsync(stream, null, leaveStreamOpen: true, ct);
        var fields = reader.Schema.DataFields.ToDictionary(f => string.Join('/', f.Path.ToList()), StringComparer.Ordinal);
        var snapshot = new Parts();
        for (var g = 0; g < reader.RowGroupCount; g++)
        {
            using var group = reader.OpenRowGroupReader(g);
            var rows = (int)group.RowCount;
            var leaves = new Dictionary<string, CheckpointLeaf>(StringComparer.Ordinal);
            foreach (var path in Columns.Paths)
                leaves[path] = fields.TryGetValue(path, out var field) ? await CheckpointLeaf.ReadAsync(group, field, ct) : CheckpointLeaf.Missing(rows);
            var columns = new Columns(leaves);
            for (var row = 0; row < rows; row++)
                snapshot.Take(columns, row);
        }

        return snapshot.ToSnapshot(version);
    }

    /// <summary>The columns that are read.</summary>
    private sealed class Columns(IReadOnlyDictionary<string, CheckpointLeaf> leaves)
    {
        public static readonly string[] Paths =
        [
            "add/path", "add/partitionValues/key_value/key", "add/partitionValues/key_value/value", "add/size", "add/modificationTime", "add/stats",
            "add/tags/key_value/key", "add/tags/key_value/value",
            "remove/path", "remove/partitionValues/key_value/key", "remove/partitionValues/key_value/value", "remove/size", "remove/deletionTimestamp",
            "domainMetadata/domain", "domainMetadata/configuration",
            "metaData/id", "metaData/name", "metaData/schemaString", "metaData/partitionColumns/list/element", "metaData/createdTime",
            "metaData/configuration/key_value/key", "metaData/configuration/key_value/value",
            "protocol/minReaderVersion", "protocol/minWriterVersion", "protocol/readerFeatures/list/element", "protocol/writerFeatures/list/element",
        ];

        public CheckpointLeaf Added { get; } = leaves["add/path"];

        public CheckpointLeaf AddedSize { get; } = leaves["add/size"];

        public CheckpointLeaf AddedTime { get; } = leaves["add/modificationTime"];

        public CheckpointLeaf AddedStats { get; } = leaves["add/stats"];

        public MapColumn AddedPartition { get; } = new(leaves, "add/partitionValues");

        public MapColumn AddedTags { get; } = new(leaves, "add/tags");

        public CheckpointLeaf Removed { get; } = leaves["remove/path"];

        public CheckpointLeaf RemovedSize { get; } = leaves["remove/size"];

        public CheckpointLeaf RemovedTime { get; } = leaves["remove/deletionTimestamp"];

        public MapColumn RemovedPartition { get; } = new(leaves, "remove/partitionValues");

        public CheckpointLeaf Domain { get; } = leaves["domainMetadata/domain"];

        public CheckpointLeaf DomainText { get; } = leaves["domainMetadata/configuration"];

        public CheckpointLeaf MetadataId { get; } = leaves["metaData/id"];

        public CheckpointLeaf MinReader { get; } = leaves["protocol/minReaderVersion"];

        public DeltaMetadata Metadata(int row) =>
            new(MetadataId.Text(row)!, leaves["metaData/schemaString"].Text(row) ?? "", Texts("metaData/partitionColumns", row), leaves["metaData/createdTime"].Number(row))
            {
                Name = leaves["metaData/name"].Text(row),
                Configuration = new MapColumn(leaves, "metaData/configuration").At(row).ToDictionary(p => p.Key, p => p.Value ?? ""),
            };

        public DeltaProtocol Protocol(int row) =>
            new((int)MinReader.Number(row), (int)leaves["protocol/minWriterVersion"].Number(row), Texts("protocol/readerFeatures", row), Texts("protocol/writerFeatures", row));

        private string[] Texts(string path, int row) => [.. leaves[path + "/list/element"].All(row).ToArray().OfType<string>()];
    }

    /// <summary>Maps of texts; rows with the same partition share one.</summary>
    private sealed class MapColumn(IReadOnlyDictionary<string, CheckpointLeaf> leaves, string path)
    {
        private readonly CheckpointLeaf _keys = leaves[path + "/key_value/key"];
        private readonly CheckpointLeaf _values = leaves[path + "/key_value/value"];
        private SortedDictionary<string, string?> _last = new(StringComparer.Ordinal);
        private int _lastRow = -1;

        public SortedDictionary<string, string?> At(int row)
        {
            if (_lastRow >= 0 && _keys.All(row).SequenceEqual(_keys.All(_lastRow)) && _values.All(row).SequenceEqual(_values.All(_lastRow)))
                return _last;

            _last = new SortedDictionary<string, string?>(StringComparer.Ordinal);
            foreach (var (key, value) in _keys.All(row).ToArray().Zip(_values.All(row).ToArray()))
                _last[key!] = value;
            _lastRow = row;
            return _last;
        }
    }

    private sealed class Parts
    {
        private readonly Dictionary<string, AddFile> _files = new(StringComparer.Ordinal);
        private readonly Dictionary<string, RemoveFile> _tombstones = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _domains = new(StringComparer.Ordinal);
        private DeltaProtocol? _protocol;
        private DeltaMetadata? _metadata;

        public void Take(Columns c, int row)
        {
            if (c.Added.Text(row) is { } added)
                _files[added] = Added(c, added, row);
            else if (c.Removed.Text(row) is { } removed)
                _tombstones[removed] = new RemoveFile(removed, c.RemovedTime.Number(row)) { PartitionValues = c.RemovedPartition.At(row), Size = c.RemovedSize.Number(row) };
            else if (c.Domain.Text(row) is { } domain)
                _domains[domain] = c.DomainText.Text(row) ?? "";
            else if (c.MetadataId.Text(row) is not null)
                _metadata = c.Metadata(row);
            else if (c.MinReader.Number(row) > 0)
                _protocol = c.Protocol(row);
        }

        private static AddFile Added(Columns c, string path, int row) =>
            new(path, c.AddedPartition.At(row), c.AddedSize.Number(row), c.AddedTime.Number(row)) { Stats = c.AddedStats.Text(row), Tags = c.AddedTags.At(row) is { Count: > 0 } tags ? tags : null };

        public DeltaSnapshot ToSnapshot(long version) => DeltaSnapshot.None with
        {
            Version = version,
            Protocol = _protocol ?? throw new InvalidDataException("it has no protocol action."),
            Metadata = _metadata ?? throw new InvalidDataException("it has no metaData action."),
            Files = _files.ToImmutableDictionary(StringComparer.Ordinal),
            Tombstones = _tombstones.ToImmutableDictionary(StringComparer.Ordinal),
            Domains = _domains.ToImmutableDictionary(StringComparer.Ordinal),
        };
    }
}
