using System.Collections.Immutable;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>Reads a checkpoint back, also one that another engine wrote: by column name, absent columns are null.</summary>
internal static class CheckpointReader
{
    public static async Task<DeltaSnapshot> ReadAsync(Stream stream, long version, CancellationToken ct)
    {
        await using var reader = await ParquetReader.CreateAsync(stream, null, leaveStreamOpen: true, ct);
        var snapshot = new Parts();
        for (var g = 0; g < reader.RowGroupCount; g++)
        {
            using var group = reader.OpenRowGroupReader(g);
            var leaves = new Dictionary<string, object?[][]>(StringComparer.Ordinal);
            foreach (var field in reader.Schema.DataFields)
                leaves[string.Join('/', field.Path.ToList())] = await ReadLeafAsync(group, field, ct);
            for (var row = 0; row < (int)group.RowCount; row++)
                snapshot.Take(new Row(leaves, row));
        }

        return snapshot.ToSnapshot(version);
    }

    /// <summary>Per row the values of a leaf that are there; text, long, int or bool.</summary>
    private static async Task<object?[][]> ReadLeafAsync(ParquetRowGroupReader group, DataField field, CancellationToken ct)
    {
        using var raw = await group.ReadRawColumnDataBaseAsync(field, ct);
        return raw switch
        {
            RawColumnData<long> data => Rows(data, field, v => v),
            RawColumnData<int> data => Rows(data, field, v => v),
            RawColumnData<bool> data => Rows(data, field, v => v),
            RawColumnData<ReadOnlyMemory<char>> data => Rows(data, field, v => v.ToString()),
            _ => Enumerable.Repeat<object?[]>([], (int)group.RowCount).ToArray(), // columns of other engines, such as parsed statistics
        };
    }

    private static object?[][] Rows<T>(RawColumnData<T> data, DataField field, Func<T, object?> convert)
        where T : struct
    {
        var rows = new List<object?[]>();
        var row = new List<object?>();
        var value = 0;
        for (var i = 0; i < data.DefinitionLevels.Length; i++)
        {
            if (i > 0 && (field.MaxRepetitionLevel == 0 || data.RepetitionLevels[i] == 0))
            {
                rows.Add([.. row]);
                row.Clear();
            }

            var level = data.DefinitionLevels[i];
            if (level == field.MaxDefinitionLevel)
                row.Add(convert(data.Values[value++]));
            else if (field.MaxRepetitionLevel > 0 && field.IsNullable && level == field.MaxDefinitionLevel - 1)
                row.Add(null); // an entry of a list or map whose value is null
        }

        rows.Add([.. row]);
        return [.. rows];
    }

    private readonly struct Row(Dictionary<string, object?[][]> leaves, int row)
    {
        public string? Text(string path) => One(path) as string;

        public long Number(string path) => One(path) switch
        {
            long l => l,
            int i => i,
            _ => 0,
        };

        public bool Flag(string path) => One(path) is true;

        public string[] Texts(string path) => [.. All(path + "/list/element").OfType<string>()];

        public SortedDictionary<string, string?> Map(string path)
        {
            var map = new SortedDictionary<string, string?>(StringComparer.Ordinal);
            foreach (var (key, value) in All(path + "/key_value/key").Zip(All(path + "/key_value/value")))
                map[(string)key!] = (string?)value;
            return map;
        }

        private object? One(string path) => All(path) is [var value] ? value : null;

        private object?[] All(string path) => leaves.TryGetValue(path, out var rows) ? rows[row] : [];
    }

    private sealed class Parts
    {
        private readonly Dictionary<string, AddFile> _files = new(StringComparer.Ordinal);
        private readonly Dictionary<string, RemoveFile> _tombstones = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _domains = new(StringComparer.Ordinal);
        private DeltaProtocol? _protocol;
        private DeltaMetadata? _metadata;

        public void Take(Row row)
        {
            if (row.Text("add/path") is { } added)
                _files[added] = new AddFile(added, row.Map("add/partitionValues"), row.Number("add/size"), row.Number("add/modificationTime")) { Stats = row.Text("add/stats") };
            else if (row.Text("remove/path") is { } removed)
                _tombstones[removed] = new RemoveFile(removed, row.Number("remove/deletionTimestamp")) { PartitionValues = row.Map("remove/partitionValues"), Size = row.Number("remove/size") };
            else if (row.Text("domainMetadata/domain") is { } domain)
                _domains[domain] = row.Text("domainMetadata/configuration") ?? "";
            else if (row.Text("metaData/id") is { } id)
                _metadata = Metadata(row, id);
            else if (row.Number("protocol/minReaderVersion") is > 0 and var version)
                _protocol = new DeltaProtocol((int)version, (int)row.Number("protocol/minWriterVersion"), row.Texts("protocol/readerFeatures"), row.Texts("protocol/writerFeatures"));
        }

        public DeltaSnapshot ToSnapshot(long version) => DeltaSnapshot.None with
        {
            Version = version,
            Protocol = _protocol ?? throw new InvalidDataException("it has no protocol action."),
            Metadata = _metadata ?? throw new InvalidDataException("it has no metaData action."),
            Files = _files.ToImmutableDictionary(StringComparer.Ordinal),
            Tombstones = _tombstones.ToImmutableDictionary(StringComparer.Ordinal),
            Domains = _domains.ToImmutableDictionary(StringComparer.Ordinal),
        };

        private static DeltaMetadata Metadata(Row row, string id) =>
            new(id, row.Text("metaData/schemaString") ?? "", row.Texts("metaData/partitionColumns"), row.Number("metaData/createdTime"))
            {
                Name = row.Text("metaData/name"),
                Configuration = row.Map("metaData/configuration").ToDictionary(p => p.Key, p => p.Value ?? ""),
            };
    }
}
