using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>A text that each row has for itself, though mostly it is null or the one of the row before.</summary>
internal sealed class RowTextEncoder(string name, Func<TupleBatch, string?[]> source) : ColumnEncoder
{
    private readonly FileColumn _column = FileColumn.Named(name);
    private readonly TextDictionary _texts = new();
    private readonly CodeRuns _runs = new();

    public override void Encode(RowGroupInput input, ChunkWriter writer)
    {
        _texts.Clear();
        _runs.Clear();
        string? last = null;
        var code = -1;
        var length = 0;
        foreach (var run in input.Runs)
        {
            foreach (var text in source(run.Batch).AsSpan(run.Start, run.Length))
            {
                if (!ReferenceEquals(text, last))
                {
                    _runs.Add(code, length);
                    length = 0;
                    code = _texts.Code(text);
                    last = text;
                }

                length++;
            }
        }

        _runs.Add(code, length);
        writer.WriteRuns(_column, _runs, input.Rows, _texts.Values);
    }
}
