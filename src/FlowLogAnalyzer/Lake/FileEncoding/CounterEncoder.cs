using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>Packets and bytes: seldom equal, so delta-packed; -1 is null.</summary>
internal sealed class CounterEncoder(string name, Func<TupleBatch, long[]> source) : ColumnEncoder
{
    private readonly FileColumn _column = FileColumn.Named(name);

    public override void Encode(RowGroupInput input, ChunkWriter writer)
    {
        var rest = input.Numbers.AsSpan(0, input.Rows);
        foreach (var run in input.Runs)
        {
            source(run.Batch).AsSpan(run.Start, run.Length).CopyTo(rest);
            rest = rest[run.Length..];
        }

        writer.WriteDeltas(_column, input.Numbers.AsSpan(0, input.Rows));
    }
}
