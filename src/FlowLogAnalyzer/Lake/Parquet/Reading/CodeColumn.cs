using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>A column as numbered values and each row's number, -1 for null; where the file has no dictionary, each value gets a number of its own.</summary>
internal sealed class CodeColumn(PlainValues values) : IPageSink
{
    private int[] _codes = [];
    private int[] _present = [];
    private long[] _deltas = [];
    private int _rows;

    public ReadOnlySpan<int> Codes => _codes.AsSpan(0, _rows);

    public void Begin(FileColumn column, int rows)
    {
        values.Clear();
        if (values is PlainNumbers numbers)
            numbers.Size = column.Physical == PhysicalType.Int32 ? 4 : 8;
        _rows = rows;
        if (_codes.Length < rows)
            _codes = new int[rows + (rows / 4)];
    }

    public void Dictionary(ReadOnlySpan<byte> plain, int entries)
    {
        var reader = new ByteReader(plain);
        for (var i = 0; i < entries; i++)
            values.Add(ref reader);
        DamageException.Unless(reader.IsEmpty, $"the dictionary has more than its {entries} entries");
    }

    public void Data(in DataPage page)
    {
        var rows = _codes.AsSpan(page.FirstRow, page.Rows);
        if (page.Present == page.Rows)
        {
            Decode(page, rows);
            return;
        }

        if (_present.Length <= page.Present)
            _present = new int[page.Rows + 1];
        Decode(page, _present.AsSpan(0, page.Present));
        if (page.Levels.IsEmpty)
            rows.Fill(-1);
        else
            page.Spread(_present, rows);
    }

    /// <summary>The rows as runs of one code.</summary>
    public void ToRuns(CodeRuns runs)
    {
        runs.Clear();
        for (var rest = Codes; !rest.IsEmpty;)
        {
            var length = rest.IndexOfAnyExcept(rest[0]);
            if (length < 0)
                length = rest.Length;
            runs.Add(rest[0], length);
            rest = rest[length..];
        }
    }

    private void Decode(in DataPage page, Span<int> codes)
    {
        switch (page.Encoding)
        {
            case ParquetEncoding.RleDictionary:
                DecodeIndices(page.Values, codes);
                break;
            case ParquetEncoding.Plain:
                DecodePlain(page.Values, codes);
                break;
            default:
                DecodeDeltas(page.Values, codes);
                break;
        }
    }

    private void DecodeIndices(ReadOnlySpan<byte> bytes, Span<int> codes)
    {
        var reader = new ByteReader(bytes);
        var width = reader.Byte();
        HybridDecoder.Decode(reader.Rest, width, codes);
        DamageException.Unless(MinMax.OfCodes(codes).Max < values.Count, $"a row points behind the {values.Count} entries of the dictionary");
    }

    private void DecodePlain(ReadOnlySpan<byte> bytes, Span<int> codes)
    {
        var reader = new ByteReader(bytes);
        foreach (ref var code in codes)
        {
            code = values.Count;
            values.Add(ref reader);
        }

        DamageException.Unless(reader.IsEmpty, $"{reader.Rest.Length} bytes are left over behind the values");
    }

    private void DecodeDeltas(ReadOnlySpan<byte> bytes, Span<int> codes)
    {
        var numbers = (PlainNumbers)values;
        if (_deltas.Length < codes.Length)
            _deltas = new long[codes.Length];
        var decoded = _deltas.AsSpan(0, codes.Length);
        DeltaBinaryPackedDecoder.Decode(bytes, decoded);
        for (var i = 0; i < codes.Length; i++)
            codes[i] = i > 0 && decoded[i] == decoded[i - 1] ? codes[i - 1] : numbers.Add(decoded[i]);
    }
}
