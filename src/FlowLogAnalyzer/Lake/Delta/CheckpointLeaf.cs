using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>
/// One column of a row group of a checkpoint: which values each row has. Columns and not rows, since a checkpoint has a
/// hundred thousand rows of which each fills a few of the columns.
/// </summary>
internal sealed class CheckpointLeaf
{
    private readonly int[] _ends;
    private readonly string?[] _texts;
    private readonly long[] _numbers;

    private CheckpointLeaf(int[] ends, string?[] texts, long[] numbers) => (_ends, _texts, _numbers) = (ends, texts, numbers);

    /// <summary>A column that is not there, or of a type that none of ours has: no row has a value.</summary>
    public static CheckpointLeaf Missing(int rows) => new(new int[rows], [], []);

    public static async Task<CheckpointLeaf> ReadAsync(ParquetRowGroupReader group, DataField field, CancellationToken ct)
    {
        using var raw = await group.ReadRawColumnDataBaseAsync(field, ct);
        var rows = (int)group.RowCount;
        return raw switch
        {
            RawColumnData<long> data => Numbers(data, field, rows, v => v),
            RawColumnData<int> data => Numbers(data, field, rows, v => v),
            RawColumnData<bool> data => Numbers(data, field, rows, v => v ? 1 : 0),
            RawColumnData<ReadOnlyMemory<char>> data => Texts(data, field, rows),
            _ => Missing(rows), // columns of other engines, such as parsed statistics
        };
    }

    /// <summary>The row's one value; null when it has none.</summary>
    public string? Text(int row) => Has(row) ? _texts[Start(row)] : null;

    /// <summary>0 when the row has none.</summary>
    public long Number(int row) => Has(row) ? _numbers[Start(row)] : 0;

    /// <summary>The values of a list or map in the row.</summary>
    public ReadOnlySpan<string?> All(int row) => _texts.Length == 0 ? default : _texts.AsSpan(Start(row), _ends[row] - Start(row));

    private bool Has(int row) => _ends[row] - Start(row) == 1;

    private int Start(int row) => row == 0 ? 0 : _ends[row - 1];

    private static CheckpointLeaf Numbers<T>(RawColumnData<T> data, DataField field, int rows, Func<T, long> convert)
        where T : struct
    {
        var (ends, entries) = Ends(data, field, rows);
        var numbers = new long[entries.Length];
        for (var i = 0; i < entries.Length; i++)
            numbers[i] = entries[i] < 0 ? 0 : convert(data.Values[entries[i]]);
        return new CheckpointLeaf(ends, [], numbers);
    }

    /// <summary>Neighbours are often equal, as the names of partitions are: then they share a text.</summary>
    private static CheckpointLeaf Texts(RawColumnData<ReadOnlyMemory<char>> data, DataField field, int rows)
    {
        var (ends, entries) = Ends(data, field, rows);
        var texts = new string?[entries.Length];
        var last = "";
        for (var i = 0; i < entries.Length; i++)
            if (entries[i] >= 0)
                texts[i] = last = data.Values[entries[i]].Span is var span && span.SequenceEqual(last) ? last : span.ToString();
        return new CheckpointLeaf(ends, texts, []);
    }

    /// <summary>Where each row's entries end, and per entry its place among the values, or -1 for an entry of a list or map that is null.</summary>
    private static (int[] Ends, int[] Entries) Ends(RawColumnData data, DataField field, int rows)
    {
        var (ends, entries) = (new int[rows], new List<int>(rows));
        var (row, value) = (-1, 0);
        var definition = data.DefinitionLevels;
        var repetition = field.MaxRepetitionLevel == 0 ? default : data.RepetitionLevels;
        for (var i = 0; i < definition.Length; i++)
        {
            if (field.MaxRepetitionLevel == 0 || repetition[i] == 0)
                row++;
            if (definition[i] == field.MaxDefinitionLevel)
                entries.Add(value++);
            else if (field.MaxRepetitionLevel > 0 && field.IsNullable && definition[i] == field.MaxDefinitionLevel - 1)
                entries.Add(-1);
            ends[row] = entries.Count;
        }

        return (ends, [.. entries]);
    }
}
