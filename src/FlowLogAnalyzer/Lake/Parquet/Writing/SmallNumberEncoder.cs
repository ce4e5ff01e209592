using System.Numerics;
using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

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
        if (IsSmallerAsDeltas(input.Rows))
            WriteDeltas(input, codes, writer);
        else
            writer.WriteCodes(_column, codes, _values);
    }

    /// <summary>
    /// A dictionary of nearly all ports costs more than it saves. Differences of numbers that jump about need one bit more
    /// than the numbers, and about half a bit for their blocks.
    /// </summary>
    private bool IsSmallerAsDeltas(int rows)
    {
        if (_values.Range is not { } range)
            return false;
        var asCodes = (8L * _values.Size) + (BitPacker.BitsFor((ulong)_values.Count - 1) * (long)rows);
        var asDeltas = ((2 * BitPacker.BitsFor((ulong)(range.Max - range.Min))) + 3) * (long)rows / 2;
        return asDeltas < asCodes;
    }

    private void WriteDeltas(RowGroupInput input, ReadOnlySpan<int> codes, ChunkWriter writer)
    {
        var numbers = input.Numbers.AsSpan(0, input.Rows);
        var distinct = _values.Values;
        for (var i = 0; i < codes.Length && i < numbers.Length; i++)
            numbers[i] = codes[i] < 0 ? -1 : distinct[codes[i]];
        writer.WriteDeltas(_column, numbers);
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
