
namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>
/// The time of the tuples, in microseconds as Delta wants it, each distinct time once in a dictionary. Whole seconds of less
/// than a day, as NSG logs have them, are places in a table; in rows sorted by time a time that differs from the one before
/// is a new one. Only what is left is looked up by hashing.
/// </summary>
internal sealed class TimeColumnEncoder : ColumnEncoder
{
    private const long MicrosPerMs = 1000;
    private readonly FileColumn _column = FileColumn.Named("time");
    private readonly ColumnSource<long> _source = new(batch => batch.TimeMs);
    private const int MsPerSecond = 1000;
    private const int MostSeconds = 64 * 1024;
    private const int Absent = -1;
    private readonly int[] _codeOfSecond = new int[MostSeconds];
    private readonly NumberValues _sorted = new(PhysicalType.Int64);
    private readonly NumberDictionary _unsorted = new(PhysicalType.Int64);

    public override void Encode(RowGroupInput input, ChunkWriter writer)
    {
        var times = input.Numbers.AsSpan(0, input.Rows);
        _source.CopyTo(input, times);
        var codes = input.Codes.AsSpan(0, input.Rows);
        if (NumberSeconds(times, codes) || NumberSorted(times, codes))
        {
            writer.WriteCodes(_column, codes, _sorted);
            return;
        }

        _unsorted.Clear();
        for (var i = 0; i < times.Length; i++)
            codes[i] = _unsorted.Code(Micros(times[i]));
        writer.WriteCodes(_column, codes, _unsorted.Values);
    }

    /// <summary>What lies outside years 1 to 9999, which no engine could show, is moved to the nearest end.</summary>
    public static long Micros(long unixMs) => UnixTime.Clamp(unixMs) * MicrosPerMs;

    /// <summary>The other way round; null when that is no time as <see cref="Micros"/> makes them.</summary>
    public static long? Ms(long micros) => micros % MicrosPerMs == 0 && UnixTime.Clamp(micros / MicrosPerMs) == micros / MicrosPerMs ? micros / MicrosPerMs : null;

    /// <summary>False when the times are no whole seconds, or lie far apart.</summary>
    private bool NumberSeconds(ReadOnlySpan<long> times, Span<int> codes)
    {
        var range = MinMax.Of(times)!;
        if (UnixTime.Clamp(range.Min) != range.Min || UnixTime.Clamp(range.Max) != range.Max || range.Max - range.Min >= (long)MostSeconds * MsPerSecond)
            return false;

        var table = _codeOfSecond.AsSpan(0, (int)((range.Max - range.Min) / MsPerSecond) + 1);
        table.Fill(Absent);
        var rest = 0u;
        for (var i = 0; i < times.Length && i < codes.Length; i++)
        {
            var ms = (uint)(times[i] - range.Min);
            var second = ms / MsPerSecond;
            rest |= ms - (second * MsPerSecond);
            codes[i] = (int)second;
            table[(int)second] = 0;
        }

        if (rest != 0)
            return false;
        NumberPresent(table, range.Min);
        foreach (ref var code in codes)
            code = table[code];
        return true;
    }

    private void NumberPresent(Span<int> table, long firstMs)
    {
        _sorted.Clear();
        for (var second = 0; second < table.Length; second++)
        {
            if (table[second] != Absent)
                table[second] = _sorted.Append(Micros(firstMs + ((long)second * MsPerSecond)));
        }
    }

    /// <summary>False when the times are not in order.</summary>
    private bool NumberSorted(ReadOnlySpan<long> times, Span<int> codes)
    {
        _sorted.Clear();
        var last = times[0];
        var code = _sorted.Append(Micros(last));
        for (var i = 0; i < times.Length; i++)
        {
            if (times[i] != last)
            {
                if (times[i] < last)
                    return false;
                last = times[i];
                code = _sorted.Append(Micros(last));
            }

            codes[i] = code;
        }

        return true;
    }
}
