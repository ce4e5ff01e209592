using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>A code of one byte that the lake spells as a word, or as null.</summary>
internal sealed class WordEncoder<T>(string name, Func<TupleBatch, T[]> values, Func<T, string?> word) : ColumnEncoder
    where T : struct, Enum
{
    private const int Unknown = -2;
    private readonly FileColumn _column = FileColumn.Named(name);
    private readonly ColumnSource<T> _source = new(values);
    private readonly TextValues _values = new();
    private readonly int[] _codes = new int[byte.MaxValue + 1];

    public override void Encode(RowGroupInput input, ChunkWriter writer)
    {
        _values.Clear();
        Array.Fill(_codes, Unknown);
        var codes = input.Codes.AsSpan(0, input.Rows);
        _source.Translate(input, codes, new Translator(_codes, this));
        writer.WriteCodes(_column, codes, _values);
    }

    private int CodeOf(T value)
    {
        if (word(value) is not { } text)
            return -1;
        var target = _values.Begin(Encoding.UTF8.GetMaxByteCount(text.Length));
        return _values.End(Encoding.UTF8.GetBytes(text, target));
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly struct Translator(int[] codes, WordEncoder<T> owner) : ITranslator<T>
    {
        public int Code(int batch, T value)
        {
            var at = Unsafe.BitCast<T, byte>(value);
            var code = codes[at];
            return code != Unknown ? code : codes[at] = owner.CodeOf(value);
        }
    }
}
