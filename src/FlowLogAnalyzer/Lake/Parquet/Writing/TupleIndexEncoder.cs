namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>
/// The position of the tuple in its record: in about the order of the log each is a little more than the last, which delta
/// packing makes nearly free; shuffled by a sort they are small numbers that repeat, for which a dictionary is smaller.
/// </summary>
internal sealed class TupleIndexEncoder : ColumnEncoder
{
    private const int MostEntries = 64 * 1024;
    private readonly FileColumn _column = FileColumn.Named("tuple_index");
    private readonly ColumnSource<int> _source = new(batch => batch.TupleIndex);
    private readonly NumberValues _values = new(PhysicalType.Int32);

    public override void Encode(RowGroupInput input, ChunkWriter writer)
    {
        _source.CopyTo(input, input.Codes);
        var indices = input.Numbers.AsSpan(0, input.Rows);
        for (var i = 0; i < indices.Length; i++)
            indices[i] = input.Codes[i];
        var range = MinMax.Of(indices)!;
        if (StepsAreShort(indices, range.Max - range.Min) || range.Max - range.Min >= Math.Min(MostEntries, input.Rows / 2))
        {
            writer.WriteDeltas(_column, indices);
            return;
        }

        _values.Clear();
        for (var value = range.Min; value <= range.Max; value++)
            _values.Append(value);
        var codes = input.Codes.AsSpan(0, input.Rows);
        for (var i = 0; i < codes.Length; i++)
            codes[i] = (int)(indices[i] - range.Min);
        writer.WriteCodes(_column, codes, _values);
    }

    /// <summary>On average an eighth of the range at most, which saves three bits and the dictionary.</summary>
    private static bool StepsAreShort(ReadOnlySpan<long> indices, long range)
    {
        var sum = 0L;
        for (var i = 1; i < indices.Length; i++)
            sum += Math.Abs(indices[i] - indices[i - 1]);
        return sum / indices.Length <= Math.Max(1, range / 8);
    }
}
