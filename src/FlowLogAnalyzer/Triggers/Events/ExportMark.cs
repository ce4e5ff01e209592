using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Triggers.Events;

/// <summary>The lake's table <c>exports</c>: up to which time of the logs something was sent elsewhere, so that the next run goes on from there.</summary>
/// <param name="lake">The lake.</param>
/// <param name="what">What is sent, and to whom: one mark each.</param>
/// <param name="time">For the time of writing.</param>
public sealed class ExportMark(FlowLake lake, string what, TimeProvider time)
{
    private readonly SmallTable _table = lake.Table("exports", Columns);

    public static IReadOnlyList<Column> Columns { get; } =
    [
        new("what", ColumnType.String, false, "What is sent, and where to.", true),
        new("until", ColumnType.Timestamp, false, "Everything the logs showed before this time was sent, UTC.", true),
        new("sent", ColumnType.Timestamp, false, "When, UTC."),
    ];

    /// <summary>Null when nothing was sent so far.</summary>
    public async ValueTask<DateTime?> ReadAsync(CancellationToken ct = default) =>
        (await _table.ReadAllAsync(ct)).Where(r => (string)r[0]! == what).Select(r => (DateTime?)(DateTime)r[1]!).Max();

    public async ValueTask WriteAsync(DateTime untilUtc, CancellationToken ct = default)
    {
        // One row each: the table would grow for ever.
        var others = (await _table.ReadAllAsync(ct)).Where(r => (string)r[0]! != what);
        await _table.ReplaceAsync([.. others, [what, untilUtc, time.GetUtcNow().UtcDateTime]], ct);
    }
}
