using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>A data page taken apart: which rows have a value, and the values that are there.</summary>
internal readonly ref struct DataPage
{
    /// <summary>In the row group.</summary>
    public int FirstRow { get; init; }

    public int Rows { get; init; }

    /// <summary>Rows that have a value.</summary>
    public int Present { get; init; }

    /// <summary>1 for each row with a value and 0 for the others; empty when all rows are alike.</summary>
    public ReadOnlySpan<int> Levels { get; init; }

    public ParquetEncoding Encoding { get; init; }

    public ReadOnlySpan<byte> Values { get; init; }

    /// <summary>Spreads the values over the rows; null becomes -1.</summary>
    /// <param name="present">The values, and one element more that may be read but does not count.</param>
    /// <param name="rows">All rows of the page.</param>
    public void Spread(ReadOnlySpan<int> present, Span<int> rows)
    {
        // Without branches: whether a value is there cannot be predicted.
        var next = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = present[next] | (Levels[i] - 1);
            next += Levels[i];
        }
    }

    /// <inheritdoc cref="Spread(ReadOnlySpan{int}, Span{int})"/>
    public void Spread(ReadOnlySpan<long> present, Span<long> rows)
    {
        var next = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = present[next] | (long)(Levels[i] - 1);
            next += Levels[i];
        }
    }
}

/// <summary>What becomes of the pages of a column.</summary>
internal interface IPageSink
{
    /// <summary>Starts a column.</summary>
    void Begin(FileColumn column, int rows);

    void Dictionary(ReadOnlySpan<byte> plain, int entries);

    void Data(in DataPage page);
}
