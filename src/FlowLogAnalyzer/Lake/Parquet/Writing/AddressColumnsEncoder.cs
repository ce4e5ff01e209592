using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>An address as two columns, text and key: one code per row serves both.</summary>
internal sealed class AddressColumnsEncoder(string text, string key, Func<TupleBatch, uint[]> addresses) : ColumnEncoder
{
    private readonly FileColumn _text = FileColumn.Named(text);
    private readonly FileColumn _key = FileColumn.Named(key);
    private readonly ColumnSource<uint> _source = new(addresses);
    private readonly AddressDictionary _addresses = new();

    public override void Encode(RowGroupInput input, ChunkWriter writer)
    {
        _addresses.Clear();
        var codes = input.Codes.AsSpan(0, input.Rows);
        _source.Translate(input, codes, new Translator(_addresses, input.Batches));
        writer.WriteCodes(_text, codes, _addresses.Texts);
        if (writer.Pays(_addresses.Texts, codes.Length) && writer.Pays(_addresses.Keys, codes.Length))
            writer.WriteSamePages(_key, _addresses.Keys);
        else
            writer.WriteCodes(_key, codes, _addresses.Keys);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly struct Translator(AddressDictionary addresses, IReadOnlyList<TupleBatch> batches) : ITranslator<uint>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Code(int batch, uint value) => value < AddressTable.FirstNumber
            ? addresses.CodeV4(value)
            : addresses.Code(batches[batch].Addresses.Key(value));
    }
}
