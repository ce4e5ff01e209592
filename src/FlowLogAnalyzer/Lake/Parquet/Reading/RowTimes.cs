using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>The time of each row, from microseconds in the file to milliseconds.</summary>
internal sealed class RowTimes
{
    private readonly PlainNumbers _micros = new();
    private readonly CodeColumn _codes;
    private long[] _ms = [];

    public RowTimes() => _codes = new CodeColumn(_micros);

    public void Read(RowGroupBytes group, FileColumn column, long[] target)
    {
        group.Read(column, _codes);
        if (_ms.Length < _micros.Count)
            _ms = new long[_micros.Count * 2];
        for (var i = 0; i < _micros.Count; i++)
            _ms[i] = TimeColumnEncoder.Ms(_micros.Values[i]) ?? throw new DamageException($"{_micros.Values[i]} is not a time in whole milliseconds");
        var codes = _codes.Codes;
        for (var i = 0; i < codes.Length; i++)
            target[i] = _ms[codes[i]];
    }
}
