using System.Runtime.InteropServices;
using System.Text;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>A code of one byte that the lake spells as a word, or as null.</summary>
internal sealed class WordEncoder<T>(string name, Func<TupleBatch, T[]> source, Func<T, string?> word) : ColumnEncoder
    where T : struct, Enum
{
    private const int Unknown = -2;
    private readonly FileColumn _column = FileColumn.Named(name);
    private readonly TextValues _values = new();
    private readonly int[] _codes = new int[byte.MaxValue + 1];

    public override void Encode(RowGroupInput input, ChunkWriter writer)
    {
        _values.Clear();
        Array.Fill(_codes, Unknown);
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
        var bytes = MemoryMarshal.AsBytes(values);
        for (var i = 0; i < bytes.Length; i++)
        {
            var code = table[bytes[i]];
            if (code == Unknown)
                table[bytes[i]] = code = CodeOf(values[i]);
            codes[i] = code;
        }
    }

    private int CodeOf(T value)
    {
        if (word(value) is not { } text)
            return -1;
        var target = _values.Begin(Encoding.UTF8.GetMaxByteCount(text.Length));
        return _values.End(Encoding.UTF8.GetBytes(text, target));
    }
}
