using Parquet.Schema;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>
/// The Parquet schema of a checkpoint: one optional group per action, of which each row fills one
/// (protocol, "Checkpoint Schema"), and the leaves that are written.
/// </summary>
internal sealed class CheckpointColumns
{
    private readonly Dictionary<string, LeafWriter> _leaves = [];

    public CheckpointColumns()
    {
        Schema = new ParquetSchema(
            new StructField("protocol", Int("minReaderVersion"), Int("minWriterVersion"), Texts("readerFeatures"), Texts("writerFeatures")),
            new StructField("metaData", Text("id"), Text("name"), new StructField("format", Text("provider"), Map("options")), Text("schemaString"),
                Texts("partitionColumns"), Map("configuration"), Long("createdTime")),
            new StructField("add", Text("path"), Map("partitionValues"), Long("size"), Long("modificationTime"), Flag("dataChange"), Text("stats")),
            new StructField("remove", Text("path"), Long("deletionTimestamp"), Flag("dataChange"), Flag("extendedFileMetadata"), Map("partitionValues"), Long("size")),
            new StructField("domainMetadata", Text("domain"), Text("configuration"), Flag("removed")));
        foreach (var field in Schema.DataFields)
            _leaves.Add(field.Path.ToString(), Leaf(field));
    }

    public ParquetSchema Schema { get; }

    public IEnumerable<LeafWriter> Leaves => Schema.DataFields.Select(f => _leaves[f.Path.ToString()]);

    public void Set<T>(string path, T value)
        where T : struct => ((LeafWriter<T>)_leaves[path]).Add(value);

    public void Set(string path, string? value) => ((TextLeafWriter)_leaves[path]).Add(value);

    public void SetList(string path, IReadOnlyList<string> values) => ((TextLeafWriter)_leaves[path + "/list/element"]).AddAll(values, EmptyLevel(path));

    public void SetMap(string path, IEnumerable<KeyValuePair<string, string?>> values)
    {
        KeyValuePair<string, string?>[] pairs = [.. values];
        ((TextLeafWriter)_leaves[path + "/key_value/key"]).AddAll(pairs.Select(p => (string?)p.Key), EmptyLevel(path));
        ((TextLeafWriter)_leaves[path + "/key_value/value"]).AddAll(pairs.Select(p => p.Value), EmptyLevel(path));
    }

    public void SetMissing(string path, int level) => _leaves[path].Missing(level);

    /// <summary>Fills up the leaves of the other actions, so that every column has one entry per row.</summary>
    public void EndRow(int rows)
    {
        foreach (var leaf in _leaves.Values)
            if (leaf.Rows < rows)
                leaf.Missing(0);
    }

    /// <summary>Every group round the list is there, the list is there, and nothing is in it.</summary>
    private static int EmptyLevel(string path) => path.Count(c => c == '/') + 1;

    private static LeafWriter Leaf(DataField field) => field.ClrType switch
    {
        var t when t == typeof(long) => new LeafWriter<long>(field),
        var t when t == typeof(int) => new LeafWriter<int>(field),
        var t when t == typeof(bool) => new LeafWriter<bool>(field),
        _ => new TextLeafWriter(field),
    };

    private static DataField<string> Text(string name) => new(name, true);

    private static DataField<long> Long(string name) => new(name, true);

    private static DataField<int> Int(string name) => new(name, true);

    private static DataField<bool> Flag(string name) => new(name, true);

    private static ListField Texts(string name) => new(name, new DataField<string>("element", true));

    private static MapField Map(string name) => new(name, new DataField<string>("key", false), new DataField<string>("value", true));
}
