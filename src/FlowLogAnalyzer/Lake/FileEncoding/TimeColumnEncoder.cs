namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>
/// The time of the tuples, in microseconds as Delta wants it. A row group of an NSG log has a few thousand distinct
/// seconds: they become a dictionary of consecutive seconds, found by arithmetic; anything wider is delta-packed.
/// </summary>
internal sealed class TimeColumnEncoder : ColumnEncoder
{
    private const int MostEntries = 64 * 1024;
    private const long MicrosPerMs = 1000;
    private readonly FileColumn _column = FileColumn.Named("time");
    private readonly NumberValues _values = new(PhysicalType.Int64);

    public override void Encode(RowGroupInput input, ChunkWriter writer)
    {
        var times = input.Numbers.AsSpan(0, input.Rows);
        var rest = times;
        foreach (var run in input.Runs)
        {
            run.Batch.TimeMs.AsSpan(run.Start, run.Length).CopyTo(rest);
            rest = rest[run.Length..];
        }

        var range = MinMax.Of(times)!;
        var step = StepOf(times, range.Min);
        var steps = ((Int128)range.Max - range.Min) / step;
        if (steps < Math.Min(MostEntries, input.Rows / 2))
            WriteDictionary(input, writer, range, step);
        else
            WriteMicros(times, writer);
    }

    /// <summary>1000 when all times lie whole seconds apart, else 1 (milliseconds).</summary>
    private static long StepOf(ReadOnlySpan<long> times, long min)
    {
        foreach (var time in times)
        {
            if (unchecked((ulong)(time - min)) % 1000 != 0)
                return 1;
        }

        return 1000;
    }

    private void WriteDictionary(RowGroupInput input, ChunkWriter writer, ValueRange range, long step)
    {
        _values.Clear();
        for (var time = range.Min; time <= range.Max; time += step)
            _values.Append(Micros(time));
        var codes = input.Codes.AsSpan(0, input.Rows);
        var times = input.Numbers.AsSpan(0, input.Rows);
        var divisor = (uint)step;
        for (var i = 0; i < codes.Length; i++)
            codes[i] = (int)((uint)(times[i] - range.Min) / divisor);
        writer.WriteCodes(_column, codes, _values);
    }

    private void WriteMicros(Span<long> times, ChunkWriter writer)
    {
        foreach (ref var time in times)
            time = Micros(time);
        writer.WriteDeltas(_column, times);
    }

    /// <summary>Parquet's 64 bits reach from 290,000 years before to 290,000 years after 1970.</summary>
    public static long Micros(long unixMs) => checked(unixMs * MicrosPerMs);
}
