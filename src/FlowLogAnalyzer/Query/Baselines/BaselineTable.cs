using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Query.Baselines;

/// <summary>
/// The lake's table <c>baseline</c>: who talked to whom on which day, by workload and pool and never by address, so that
/// rollouts, scale-out and reused addresses leave it as it is. Filled from the view <c>edge_days</c>.
/// </summary>
public static class BaselineTable
{
    public const string Name = "baseline";

    public static IReadOnlyList<Column> Columns { get; } =
    [
        new("day", ColumnType.Timestamp, false, "Midnight UTC."),
        new("source", ColumnType.String, false, "Workload, pool or machine that opened the connections."),
        new("destination", ColumnType.String, false, "Workload, pool, machine or Service they went to."),
        new("port", ColumnType.Integer, false, "Destination port."),
        new("protocol", ColumnType.Integer, true, "IANA protocol number."),
        new("first_seen", ColumnType.Timestamp, false, "First tuple of that day."),
        new("last_seen", ColumnType.Timestamp, false, "Last tuple of that day."),
        new("connections", ColumnType.Long, false, "Rows at which a rule decided."),
        new("refused", ColumnType.Long, false, "Of these, denied."),
        new("peak_hour_bytes", ColumnType.Long, false, "Bytes of the busiest hour, both ways."),
    ];

    /// <summary>The same as a table of the query engine.</summary>
    public static TableShape Shape { get; } = new(Name, "Edges of earlier checks by day, workload and pool.", [.. Columns.Select(c => new TableColumn(c.Name, SqlType(c.Type)))]);

    private static string SqlType(ColumnType type) => type switch
    {
        ColumnType.String => "text",
        ColumnType.Integer => "int",
        ColumnType.Long => "long",
        ColumnType.Timestamp => "timestamp",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "The baseline has no column of this type."),
    };
}
