using Parquet.Schema;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>
/// The Parquet schema of a checkpoint: one optional group per action, of which each row fills one
/// (protocol, "Checkpoint Schema"), and the leaves that are written.
/// </summary>
internal sealed class CheckpointColumns
{
    private const string KeyPath = "/key_value/key";
    private const string ValuePath = "/key_value/value";
    private readonly Dictionary<string, LeafWriter> _leaves = [];
    private readonly Dictionary<string, (TextLeafWriter Keys, TextLeafWriter Values)> _maps;
    private readonly LeafWriter[] _all;

    public CheckpointColumns()
    {
        Schema = new ParquetSchema(
            new StructField("protocol", Int("minReaderVersion"), Int("minWriterVersion"), Texts("readerFeatures"), Texts("writerFeatures")),
            new StructField("metaData", Text("id"), Text("name"), Text("description"), new StructField("format", Text("provider"), Map("options")), Text("schemaString"),
                Texts("partitionColumns"), Map("configuration"), Long("createdTime")),
            new StructField("add", Text("path"), Map("partitionValues"), Long("size"), Long("modificationTime"), Flag("dataChange"), Text("stats"), Map("tags")),
            new StructField("remove", Text("path"), Long("deletionTimestamp"), Flag("dataChange"), Flag("extendedFileMetadata"), Map("partitionValues"), Long("size")),
            new StructField("txn", Text("appId"), Long("version"), Long("lastUpdated")),
            new StructField("domainMetadata", Text("domain"), Text("configuration"), Flag("removed")));
        foreach (var field in Schema.DataFields)
            _leaves.Add(field.Path.ToString(), Leaf(field));
        _all = [.. Schema.DataFields.Select(f => _leaves[f.Path.ToString()])];
        _maps = _leaves.Keys.Where(path => path.EndsWith(KeyPath, StringComparison.Ordinal)).Select(path => path[..^KeyPath.Length])
            .ToDictionary(path => path, path => ((TextLeafWriter)_leaves[path + KeyPath], (TextLeafWriter)_leaves[path + ValuePath]), StringComparer.Ordinal);
    }

    public ParquetSchema Schema { get; }

    /// <summary>In the order of the schema.</summary>
    public IReadOnlyList<LeafWriter> Leaves => _all;

    /// <summary>Whole rows since the last <see cref="Clear"/>.</summary>
    public int Rows { get; private set; }

    /// <summary>Forgets all rows; their memory is kept for the next ones.</summary>
    public void Clear()
    {
        Rows = 0;
        foreach (var leaf in _all)
            leaf.Clear();
    }

    public void Set<T>(string path, T value)
        where T : struct => ((LeafWriter<T>)_leaves[path]).Add(value);

    public void Set(string path, string? value) => ((TextLeafWriter)_leaves[path]).Add(value);

    public void SetList(string path, IReadOnlyList<string> values)
    {
        var leaf = (TextLeafWriter)_leaves[path + "/list/element"];
        for (var i = 0; i < values.Count; i++)
            leaf.Add(values[i], first: i == 0);
        if (values.Count == 0)
            leaf.Missing(EmptyLevel(path));
    }

    public void SetMap(string path, IEnumerable<KeyValuePair<string, string?>> values)
    {
        var (keys, texts) = _maps[path];
        var first = true;
        foreach (var (key, value) in values)
        {
            keys.Add(key, first);
            texts.Add(value, first);
            first = false;
        }

        if (!first)
            return;
        keys.Missing(EmptyLevel(path));
        texts.Missing(EmptyLevel(path));
    }

    /// <summary>The group round the map is there, the map is not.</summary>
    public void SetNoMap(string path)
    {
        var (keys, texts) = _maps[path];
        keys.Missing(EmptyLevel(path) - 1);
        texts.Missing(EmptyLevel(path) - 1);
    }

    public void SetMissing(string path, int level) => _leaves[path].Missing(level);

    /// <summary>Fills up the leaves of the other actions, so that every column has one entry per row; returns the rows so far.</summary>
    public int EndRow()
    {
        Rows++;
        foreach (var leaf in _all)
            if (leaf.Rows < Rows)
                leaf.Missing(0);
        return Rows;
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
