using System.Globalization;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>
/// The part of a date that one process compacts: the files whose earliest row lies in <paramref name="From"/> &lt;= time &lt;
/// <paramref name="To"/>. So a file belongs to one job only, however far it reaches into the next.
/// </summary>
/// <param name="Date">A partition of the table.</param>
/// <param name="From">UTC.</param>
/// <param name="To">UTC; null = to the end of the date.</param>
public sealed record CompactionJob(DateOnly Date, TimeOnly From = default, TimeOnly? To = null)
{
    public DateTime Start => Date.ToDateTime(From, DateTimeKind.Utc);

    public DateTime End => To is { } to ? Date.ToDateTime(to, DateTimeKind.Utc) : Date.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Date:yyyy-MM-dd}{(From > TimeOnly.MinValue ? $" from {From:HH:mm:ss.FFFFFFF}" : "")}{(To is { } to ? $" to {to:HH:mm:ss.FFFFFFF}" : "")}");

    /// <summary>
    /// Where a file of the date lies in it. What begins before the date, or at a time that the log does not say, lies at its
    /// beginning, and what begins after it at its end: then the first and the last job have it.
    /// </summary>
    internal TimeOnly At(DateTime? earliest) => earliest switch
    {
        null => TimeOnly.MinValue,
        { } time when DateOnly.FromDateTime(time) < Date => TimeOnly.MinValue,
        { } time when DateOnly.FromDateTime(time) > Date => TimeOnly.MaxValue,
        { } time => TimeOnly.FromDateTime(time),
    };

    internal bool Covers(TimeOnly at) => From <= at && (To is not { } to || at < to);
}
