using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>
/// Which partition a row belongs to: the UTC date of its time. A time more than 24 hours away from the record's (or from
/// the blob's hour when the record has none) is not believed for this: one broken tuple must not open a partition of 1970.
/// </summary>
internal static class EventDate
{
    /// <summary>Days since 1970-01-01.</summary>
    public static int Of(long timeMs, long? recordTimeMs, BlobHour? hour)
    {
        var anchor = recordTimeMs ?? hour?.UnixMs;
        var trusted = anchor is { } a && Math.Abs(UnixTime.Clamp(timeMs) - UnixTime.Clamp(a)) > UnixTime.MsPerDay ? a : timeMs;
        return UnixTime.ToDay(trusted);
    }
}
