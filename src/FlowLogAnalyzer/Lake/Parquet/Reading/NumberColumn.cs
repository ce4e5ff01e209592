using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>A column of numbers that are never negative, each row's value in an array; -1 for null.</summary>
internal sealed class NumberColumn : IPageSink
{
    private readonly PlainNumbers _entries = new();
    private readonly CodeColumn _codes;
    private long[] _target = [];
    private long[] _present = [];
    private long _most;
    private int _checked;

    public NumberColumn() => _codes = new CodeColumn(_entries);

    /// <summary>Where the next column goes, and its greatest possible value.</summary>
    public void Into(long[] target, long most) => (_target, _most) = (target, most);

    public void Begin(FileColumn column, int rows)
    {
        _codes.Begin(column, rows);
        _checked = 0;
    }

    public void Dictionary(ReadOnlySpan<byte> plain, int entries) => _codes.Dictionary(plain, entries);

    public void Data(in DataPage page)
    {
        var rows = _target.AsSpan(page.FirstRow, page.Rows);
        if (page.Encoding == ParquetEncoding.DeltaBinaryPacked)
        {
            Deltas(page, rows);
            return;
        }

        _codes.Data(page);
        Check(_entries.Values[_checked..]);
        _checked = _entries.Count;
        var entries = _entries.Values;
        var codes = _codes.Codes.Slice(page.FirstRow, page.Rows);
        for (var i = 0; i < rows.Length; i++)
            rows[i] = codes[i] < 0 ? -1 : entries[codes[i]];
    }

    private void Deltas(in DataPage page, Span<long> rows)
    {
        if (page.Present == page.Rows)
        {
            DeltaBinaryPackedDecoder.Decode(page.Values, rows);
            Check(rows);
            return;
        }

        if (_present.Length <= page.Present)
            _present = new long[page.Rows + 1];
        var present = _present.AsSpan(0, page.Present);
        DeltaBinaryPackedDecoder.Decode(page.Values, present);
        Check(present);
        if (page.Levels.IsEmpty)
            rows.Fill(-1);
        else
            page.Spread(_present, rows);
    }

    private void Check(ReadOnlySpan<long> values)
    {
        if (MinMax.Of(values) is { } range)
            DamageException.Unless(range.Min >= 0 && range.Max <= _most, $"{(range.Min < 0 ? range.Min : range.Max)} is no possible value");
    }
}
