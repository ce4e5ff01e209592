using System.Numerics;
using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>Ports and protocols: -1 (null) to 65535, so a table of all of them replaces hashing.</summary>
internal sealed class SmallNumberEncoder<T>(string name, Func<TupleBatch, T[]> values) : ColumnEncoder
    where T : struct, IBinaryInteger<T>
{
    private const int Unknown = -2;
    private readonly FileColumn _column = FileColumn.Named(name);
    private readonly ColumnSource<T> _source = new(values);
    private readonly NumberValues _values = new(PhysicalType.Int32);
    private readonly int[] _codes = NewTable();

    public override void Encode(RowGroupInput input, ChunkWriter writer)
    {
        foreach (var value in _values.Values)
            _codes[value + 1] = Unknown;
        _values.Clear();
        var codes = input.Codes.AsSpan(0, input.Rows);
        _source.Translate(input, codes, new Translator(_codes, _values));
        writer.WriteCodes(_column, codes, _values);
    }

    private static int[] NewTable()
    {
        var table = new int[ushort.MaxValue + 2];
        table.AsSpan(1).Fill(Unknown);
        table[0] = -1;
        return table;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly struct Translator(int[] codes, NumberValues values) : ITranslator<T>
    {
        public int Code(int batch, T value)
        {
            var number = int.CreateTruncating(value);
            var code = codes[number + 1];
            return code != Unknown ? code : codes[number + 1] = values.Append(number);
        }
    }
}
