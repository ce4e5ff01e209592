using Parquet;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>Reads a file of a checkpoint, also one that another engine wrote: by column name, absent columns are null.</summary>
internal static class CheckpointReader
{
    public static async Task ReadAsync(Stream stream, CheckpointContent content, CancellationToken ct)
    {
        await using var reader = await ParquetReader.CreateAsync(stream, null, leaveStreamOpen: true, ct);
        var fields = reader.Schema.DataFields.ToDictionary(f => Path(f.Path.ToList()), StringComparer.Ordinal);
        for (var g = 0; g < reader.RowGroupCount; g++)
        {
            using var group = reader.OpenRowGroupReader(g);
            var rows = (int)group.RowCount;
            var leaves = new Dictionary<string, CheckpointLeaf>(StringComparer.Ordinal);
            foreach (var path in CheckpointRows.Paths)
                leaves[path] = fields.TryGetValue(path, out var field) ? await CheckpointLeaf.ReadAsync(group, field, ct) : CheckpointLeaf.Missing(rows);
            var columns = new CheckpointRows(leaves);
            for (var row = 0; row < rows; row++)
                content.Take(columns, row);
        }
    }

    private static string Path(IEnumerable<string> parts) => string.Join('/', parts);
}
