using FlowLogAnalyzer.Lake.Files;

namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>
/// The time of the tuples, in microseconds as Delta wants it, each distinct time once in a dictionary. In rows sorted by
/// time a time that differs from the one before is a new one, so nothing is looked up.
/// </summary>
internal sealed class TimeColumnEncoder : ColumnEncoder
{
    private const long MicrosPerMs = 1000;
    private readonly FileColumn _column = FileColumn.Named("time");
    private readonly ColumnSource<long> _source = new(batch => batch.TimeMs);
    private readonly NumberValues _sorted = new(PhysicalType.Int64);
    private readonly NumberDictionary _unsorted = new(PhysicalType.Int64);

    public override void Encode(RowGroupInput input, ChunkWriter writer)
    {
        var times = input.Numbers.AsSpan(0, input.Rows);
        _source.CopyTo(input, times);
        var codes = input.Codes.AsSpan(0, input.Rows);
        if (NumberSorted(times, codes))
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
