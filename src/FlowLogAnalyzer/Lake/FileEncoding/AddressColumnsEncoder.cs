using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>An address as two columns, text and key: one code per row serves both.</summary>
internal sealed class AddressColumnsEncoder(string text, string key, Func<TupleBatch, int[]> ids) : ColumnEncoder
{
    private const int Used = -2;
    private readonly FileColumn _text = FileColumn.Named(text);
    private readonly FileColumn _key = FileColumn.Named(key);
    private readonly ColumnSource<int> _source = new(ids);
    private readonly AddressDictionary _addresses = new();
    private int[]?[] _codesOfBatch = [];

    public override void Encode(RowGroupInput input, ChunkWriter writer)
    {
        _addresses.Clear();
        if (_codesOfBatch.Length < input.Batches.Count)
            Array.Resize(ref _codesOfBatch, input.Batches.Count);
        foreach (var batch in input.UsedBatches)
            RowGroupInput.Reset(ref _codesOfBatch[batch], input.Batches[batch].Addresses.Count);

        var codes = input.Codes.AsSpan(0, input.Rows);
        _source.Translate(input, codes, new Marker(_codesOfBatch));
        foreach (var batch in input.UsedBatches)
            NumberMarked(_codesOfBatch[batch].AsSpan(0, input.Batches[batch].Addresses.Count), input.Batches[batch].Addresses);
        _source.Translate(input, codes, new Translator(_codesOfBatch));
        writer.WriteCodes(_text, codes, _addresses.Texts);
        if (writer.Pays(_addresses.Texts, codes.Length) && writer.Pays(_addresses.Keys, codes.Length))
            writer.WriteSamePages(_key, _addresses.Keys);
        else
            writer.WriteCodes(_key, codes, _addresses.Keys);
    }

    /// <summary>Hashes once per distinct address of a batch, in the order in which they lie in memory.</summary>
    private void NumberMarked(Span<int> codes, AddressTable addresses)
    {
        for (var id = 0; id < codes.Length; id++)
        {
            if (codes[id] == Used)
                codes[id] = _addresses.Code(addresses.Key(id));
        }
    }

    /// <summary>Only addresses that rows of this row group have may come into its dictionary.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct Marker(int[]?[] codesOfBatch) : ITranslator<int>
    {
        public int Code(int batch, int id) => codesOfBatch[batch]![id] = Used;
    }

    /// <summary>From ids of the batch to codes of the row group.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct Translator(int[]?[] codesOfBatch) : ITranslator<int>
    {
        public int Code(int batch, int id) => codesOfBatch[batch]![id];
    }
}
