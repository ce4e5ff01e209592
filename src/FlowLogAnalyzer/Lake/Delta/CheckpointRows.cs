namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>The columns of a row group of a checkpoint that are read, as the actions that they are.</summary>
internal sealed class CheckpointRows(IReadOnlyDictionary<string, CheckpointLeaf> leaves)
{
    public static readonly string[] Paths =
    [
        "add/path", "add/partitionValues/key_value/key", "add/partitionValues/key_value/value", "add/size", "add/modificationTime", "add/stats",
        "add/tags/key_value/key", "add/tags/key_value/value",
        "remove/path", "remove/partitionValues/key_value/key", "remove/partitionValues/key_value/value", "remove/size", "remove/deletionTimestamp",
        "domainMetadata/domain", "domainMetadata/configuration", "txn/appId", "txn/version", "txn/lastUpdated",
        "metaData/id", "metaData/name", "metaData/description", "metaData/schemaString", "metaData/partitionColumns/list/element", "metaData/createdTime",
        "metaData/configuration/key_value/key", "metaData/configuration/key_value/value",
        "protocol/minReaderVersion", "protocol/minWriterVersion", "protocol/readerFeatures/list/element", "protocol/writerFeatures/list/element",
    ];

    private readonly MapColumn _addedPartition = new(leaves, "add/partitionValues");
    private readonly MapColumn _addedTags = new(leaves, "add/tags");
    private readonly MapColumn _removedPartition = new(leaves, "remove/partitionValues");

    public CheckpointLeaf Added { get; } = leaves["add/path"];

    public CheckpointLeaf Removed { get; } = leaves["remove/path"];

    public CheckpointLeaf Domain { get; } = leaves["domainMetadata/domain"];

    public CheckpointLeaf DomainText { get; } = leaves["domainMetadata/configuration"];

    public CheckpointLeaf MetadataId { get; } = leaves["metaData/id"];

    public CheckpointLeaf MinReader { get; } = leaves["protocol/minReaderVersion"];

    public CheckpointLeaf AppId { get; } = leaves["txn/appId"];

    public AddFile Add(int row, string path) => new(path, _addedPartition.At(row), leaves["add/size"].Number(row), leaves["add/modificationTime"].Number(row))
    {
        Stats = leaves["add/stats"].Text(row),
        Tags = _addedTags.At(row) is { Count: > 0 } tags ? tags : null,
        LogPath = Added.Text(row) == path ? null : Added.Text(row),
    };

    public RemoveFile Remove(int row, string path) => new(path, leaves["remove/deletionTimestamp"].Number(row))
    {
        PartitionValues = _removedPartition.At(row),
        Size = leaves["remove/size"].Number(row),
        LogPath = Removed.Text(row) == path ? null : Removed.Text(row),
    };

    public AppTransaction Transaction(int row) =>
        new(AppId.Text(row)!, leaves["txn/version"].Number(row), leaves["txn/lastUpdated"].Number(row) is > 0 and var updated ? updated : null);

    public DeltaMetadata Metadata(int row) =>
        new(MetadataId.Text(row)!, leaves["metaData/schemaString"].Text(row) ?? "", Texts("metaData/partitionColumns", row), leaves["metaData/createdTime"].Number(row))
        {
            Name = leaves["metaData/name"].Text(row),
            Description = leaves["metaData/description"].Text(row),
            Configuration = new MapColumn(leaves, "metaData/configuration").At(row).ToDictionary(p => p.Key, p => p.Value ?? ""),
        };

    public DeltaProtocol Protocol(int row) =>
        new((int)MinReader.Number(row), (int)leaves["protocol/minWriterVersion"].Number(row), Texts("protocol/readerFeatures", row), Texts("protocol/writerFeatures", row));

    private string[] Texts(string path, int row) => [.. leaves[path + "/list/element"].All(row).ToArray().OfType<string>()];

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
}
