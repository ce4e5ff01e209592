using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>A text that each row has for itself, though mostly it is null or the one of the row before.</summary>
internal sealed class RowTextEncoder(string name, Func<TupleBatch, string?[]> values, Func<TupleBatch, bool> any) : ColumnEncoder
{
    private readonly FileColumn _column = FileColumn.Named(name);
    private readonly ColumnSource<string?> _source = new(values);
    private readonly TextDictionary _texts = new();

    public override void Encode(RowGroupInput input, ChunkWriter writer)
    {
        _texts.Clear();
        if (!input.UsedBatches.Exists(b => any(input.Batches[b])))
        {
            writer.WriteNulls(_column, input.Rows);
            return;
        }

        var codes = input.Codes.AsSpan(0, input.Rows);
        _source.Translate(input, codes, new Translator(_texts));
        writer.WriteCodes(_column, codes, _texts.Values);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly struct Translator(TextDictionary texts) : ITranslator<string?>
    {
        public int Code(int batch, string? value) => value is null ? -1 : texts.Code(value);
    }
}
