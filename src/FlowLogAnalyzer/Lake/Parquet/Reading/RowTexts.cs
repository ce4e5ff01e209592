using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>Texts that rows have for themselves, as the codes of the batch: each is looked up once per row group.</summary>
internal sealed class RowTexts
{
    private readonly PlainTexts _texts;
    private readonly CodeColumn _codes;

    public RowTexts(TextPool pool) => _codes = new CodeColumn(_texts = new PlainTexts(pool));

    /// <summary>False when no row has a text.</summary>
    public bool Read<T>(RowGroupBytes group, FileColumn column, Func<string?, T> code, T[] target)
    {
        group.Read(column, _codes);
        var codes = _codes.Codes;
        if (_texts.Count == 0)
        {
            target.AsSpan(0, codes.Length).Fill(code(null));
            return false;
        }

        T[] codeOf = [code(null), .. _texts.Values.Select(code)];
        for (var i = 0; i < codes.Length; i++)
            target[i] = codeOf[codes[i] + 1];
        return true;
    }
}
