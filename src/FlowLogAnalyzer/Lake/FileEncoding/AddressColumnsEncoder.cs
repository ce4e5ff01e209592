using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>An address as two columns, text and key: one code per row serves both.</summary>
internal sealed class AddressColumnsEncoder(string text, string key, Func<TupleBatch, int[]> ids) : ColumnEncoder
{
    private readonly FileColumn _text = FileColumn.Named(text);
    private readonly FileColumn _key = FileColumn.Named(key);
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
        var rest = codes;
        foreach (var run in input.Runs)
        {
            Translate(run, rest);
            rest = rest[run.Length..];
        }

        writer.WriteCodes(_text, codes, _addresses.Texts);
        if (writer.Pays(_addresses.Texts, codes.Length) && writer.Pays(_addresses.Keys, codes.Length))
            writer.WriteSamePages(_key, _addresses.Keys);
        else
            writer.WriteCodes(_key, codes, _addresses.Keys);
    }

    /// <summary>From ids of the batch to codes of the row group: hashed once per distinct address, looked up per row.</summary>
    private void Translate(RowRun run, Span<int> codes)
    {
        var known = _codesOfBatch[run.BatchIndex]!;
        var source = ids(run.Batch).AsSpan(run.Start, run.Length);
        for (var i = 0; i < source.Length; i++)
        {
            var code = known[source[i]];
            if (code < 0)
                known[source[i]] = code = _addresses.Code(run.Batch.Addresses.Key(source[i]));
            codes[i] = code;
        }
    }
}
