using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>Packets and bytes: seldom equal, so delta-packed; -1 is null.</summary>
internal sealed class CounterEncoder(string name, Func<TupleBatch, long[]> values) : ColumnEncoder
{
    private readonly ColumnSource<long> _source = new(values);
    private readonly FileColumn _column = FileColumn.Named(name);

    public override void Encode(RowGroupInput input, ChunkWriter writer)
    {
        var numbers = input.Numbers.AsSpan(0, input.Rows);
        _source.CopyTo(input, numbers);
        writer.WriteDeltas(_column, numbers);
    }
}
