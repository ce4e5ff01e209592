using System.Numerics;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>Ports and protocols: -1 (null) to 65535, so a table of all of them replaces hashing.</summary>
internal sealed class SmallNumberEncoder<T>(string name, Func<TupleBatch, T[]> source) : ColumnEncoder
    where T : struct, IBinaryInteger<T>
{
    private const int Unknown = -2;
    private readonly FileColumn _column = FileColumn.Named(name);
    private readonly NumberValues _values = new(PhysicalType.Int32);
    private readonly int[] _codes = NewTable();

    public override void Encode(RowGroupInput input, ChunkWriter writer)
    {
        foreach (var value in _values.Values)
            _codes[value + 1] = Unknown;
        _values.Clear();
        var rest = input.Codes.AsSpan(0, input.Rows);
        foreach (var run in input.Runs)
        {
            Translate(source(run.Batch).AsSpan(run.Start, run.Length), rest);
            rest = rest[run.Length..];
        }

        writer.WriteCodes(_column, input.Codes.AsSpan(0, input.Rows), _values);
    }

    private void Translate(ReadOnlySpan<T> values, Span<int> codes)
    {
        var table = _codes;
        for (var i = 0; i < values.Length; i++)
        {
            var value = int.CreateTruncating(values[i]);
            var code = table[value + 1];
            if (code == Unknown)
                table[value + 1] = code = _values.Append(value);
            codes[i] = code;
        }
    }

    private static int[] NewTable()
    {
        var table = new int[ushort.MaxValue + 2];
        table.AsSpan(1).Fill(Unknown);
        table[0] = -1;
        return table;
    }
}
