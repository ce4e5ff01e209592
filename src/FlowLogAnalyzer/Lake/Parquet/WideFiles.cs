using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Delta;

namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>
/// Writes files anew that hold columns which others have added to the table: as blocks of columns, so that nothing of a row is
/// lost. The rows stay in the order of the files they come from.
/// </summary>
internal sealed class WideFiles
{
    private readonly TupleTable _table;
    private readonly IReadOnlyList<Column> _columns;
    private readonly int _blob;
    private readonly int _source;
    private readonly int _destination;

    private WideFiles(TupleTable table, IReadOnlyList<Column> columns)
    {
        (_table, _columns) = (table, columns);
        (_blob, _source, _destination) = (Place("blob"), Place("src_ip"), Place("dst_ip"));

        int Place(string name) => columns.Index().First(c => c.Item.Name == name).Index;
    }

    /// <summary>Null when the table has flowlog's columns alone.</summary>
    /// <exception cref="NotSupportedException">A column has a type of which flowlog cannot keep the values.</exception>
    public static WideFiles? Of(TupleTable table, DeltaSnapshot snapshot)
    {
        var additional = TableColumns.Additional(snapshot.Metadata, FlowColumns.All);
        return additional.Count == 0 ? null : new WideFiles(table, [.. TupleFileWriter.DataColumns, .. additional.Select(c => Column(c, table.Delta.Log.Location))]);
    }

    /// <summary>The rows of all files in one, which is not committed yet.</summary>
    public ValueTask<AddFile> MergeAsync(IReadOnlyList<AddFile> files, CancellationToken ct) => WriteAsync(files, (_, _) => true, ct);

    /// <summary>The rows of the file that are not of <paramref name="blobs"/>.</summary>
    public ValueTask<AddFile> WithoutBlobsAsync(AddFile file, IReadOnlySet<string> blobs, CancellationToken ct) =>
        WriteAsync([file], (block, row) => !blobs.Contains(block.Texts(_blob)[row]!), ct);

    /// <summary>The rows of the file that have the address neither as source nor as destination.</summary>
    public ValueTask<AddFile> WithoutAddressAsync(AddFile file, IpAddressKey address, CancellationToken ct)
    {
        return WriteAsync([file], (block, row) => !Is(block.Texts(_source)[row]) && !Is(block.Texts(_destination)[row]), ct);

        bool Is(string? text) => IpAddressKey.TryParse(text, out var key) && key.Bits == address.Bits;
    }

    private ValueTask<AddFile> WriteAsync(IReadOnlyList<AddFile> files, Func<ColumnBlock, int, bool> keep, CancellationToken ct) =>
        _table.Writer.WriteBlocksAsync(TupleTable.PartitionDate(files[0]), _columns, token => BlocksAsync(files, keep, token), ct);

    private async IAsyncEnumerable<ColumnBlock> BlocksAsync(IReadOnlyList<AddFile> files, Func<ColumnBlock, int, bool> keep, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var file in files)
        {
            var rows = 0L;
            await foreach (var block in _table.Reader.ReadAsync(file, _columns, ct))
            {
                rows += block.Count;
                CheckRequired(file.Path, block);
                var kept = Enumerable.Range(0, block.Count).Where(r => keep(block, r)).ToArray();
                var part = new ColumnBlock(_columns, Math.Max(1, kept.Length));
                part.Append(block, kept);
                if (kept.Length > 0)
                    yield return part;
            }

            if (FileFacts.Of(file).Rows is { } said && said != rows)
                throw new InvalidDataException($"The data file '{file.Path}' has {rows} rows, the log says {said}. Nothing was written. Put back a copy of the file, or take its rows from the logs again.");
        }
    }

    private void CheckRequired(string path, ColumnBlock block)
    {
        for (var c = 0; c < _columns.Count; c++)
        {
            var lacks = !_columns[c].Nullable && _columns[c].Type switch
            {
                ColumnType.String => block.Texts(c).AsSpan(0, block.Count).Contains(null),
                ColumnType.Long or ColumnType.Timestamp => block.Longs(c).AsSpan(0, block.Count).Contains(ColumnBlock.NullLong),
                _ => block.Ints(c).AsSpan(0, block.Count).Contains(ColumnBlock.NullInt),
            };
            if (lacks)
                throw new InvalidDataException($"The data file '{path}' cannot be one of a lake. Its column {_columns[c].Name} lacks a value. Nothing was written.");
        }
    }

    private static Column Column(AdditionalColumn column, string table)
    {
        foreach (var type in Enum.GetValues<ColumnType>())
            if (DeltaSchema.TypeName(type) == column.Type)
                return new Column(column.Name, type, Nullable: true, "");
        throw new NotSupportedException(
            $"The files of '{table}' cannot be written anew: the table has the additional column {column.Name} of the type {column.Type}, whose values flowlog cannot keep. "
            + "Reading and the ingest of new rows go on; let the engine that added the column compact (OPTIMIZE), or take the column out there.");
    }
}
