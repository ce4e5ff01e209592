using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>A text that each row has for itself, though mostly there is none or only one.</summary>
internal sealed class RowTextEncoder(string name, Func<TupleBatch, int[]> texts, Func<TupleBatch, bool> any) : ColumnEncoder
{
    private const int Unknown = -2;
    private readonly FileColumn _column = FileColumn.Named(name);
    private readonly ColumnSource<int> _source = new(texts);
    private readonly TextDictionary _texts = new();
    private int[]?[] _codesOfBatch = [];

    public override void Encode(RowGroupInput input, ChunkWriter writer)
    {
        _texts.Clear();
        if (!input.UsedBatches.Exists(b => any(input.Batches[b])))
        {
            writer.WriteNulls(_column, input.Rows);
            return;
        }

        if (_codesOfBatch.Length < input.Batches.Count)
            Array.Resize(ref _codesOfBatch, input.Batches.Count);
        foreach (var batch in input.UsedBatches)
            RowGroupInput.Fill(ref _codesOfBatch[batch], input.Batches[batch].Texts.Count, Unknown);

        var codes = input.Codes.AsSpan(0, input.Rows);
        _source.Translate(input, codes, new Translator(_codesOfBatch, _texts, input.Batches));
        writer.WriteCodes(_column, codes, _texts.Values);
    }

    /// <summary>From codes of the batch to codes of the row group, in the order in which they come.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct Translator(int[]?[] codesOfBatch, TextDictionary texts, IReadOnlyList<TupleBatch> batches) : ITranslator<int>
    {
        public int Code(int batch, int value)
        {
            ref var code = ref codesOfBatch[batch]![value];
            return code != Unknown ? code : code = texts.Code(batches[batch].Texts[value]);
        }
    }
}
