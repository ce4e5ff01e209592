using System.Text;
using System.Text.Json;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Findings;

/// <summary>
/// The lake's table <c>findings</c>: what was told to others and when, so that a check on a schedule tells a finding once
/// and not every hour. A finding that is still there after <see cref="TellAgain"/> is told again. Each receiver has a table.
/// </summary>
public sealed class FindingJournal(FlowLake lake, TimeProvider time, string table = FindingJournal.QueueTable)
{
    public const string QueueTable = "findings";
    public const string EventHubTable = "findings_eventhub";

    public static readonly TimeSpan TellAgain = TimeSpan.FromDays(7);

    private readonly SmallTable _table = lake.Table(table, Columns);

    public static IReadOnlyList<Column> Columns { get; } =
    [
        new("told", ColumnType.Timestamp, false, "When it was told, UTC.", true),
        new("id", ColumnType.String, false, "Id of the finding.", true),
        new("subject", ColumnType.String, false, "What it is about."),
        new("place", ColumnType.String, false, "NSG and rule, where the finding names them."),
        new("json", ColumnType.String, false, "The finding as `flowlog check` prints it."),
    ];

    /// <summary>Those not told within <see cref="TellAgain"/>, without those that somebody decided to live with.</summary>
    public async ValueTask<IReadOnlyList<Finding>> UntoldAsync(IReadOnlyList<Finding> findings, CancellationToken ct = default)
    {
        var limit = time.GetUtcNow().UtcDateTime - TellAgain;
        var told = (await _table.ReadAllAsync(ct)).Where(r => (DateTime)r[0]! > limit).Select(r => ((string)r[1]!, (string)r[2]!, (string)r[3]!)).ToHashSet();
        return [.. findings.Where(f => f.Suppressed is null && !told.Contains((f.Id, f.Subject, Place(f))))];
    }

    /// <summary>Remembers that these were told.</summary>
    public ValueTask SaveAsync(IReadOnlyList<Finding> findings, CancellationToken ct = default)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return findings.Count == 0
            ? ValueTask.CompletedTask
            : _table.AppendAsync([.. findings.Select(f => (object?[])[now, f.Id, f.Subject, Place(f), Json(f)])], ct);
    }

    public static string Json(Finding finding)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            FindingJson.Write(writer, finding);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Place(Finding finding) => $"{finding["nsg"]}/{finding["rule"]}";
}
