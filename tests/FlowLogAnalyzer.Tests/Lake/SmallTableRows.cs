using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Tests.Lake;

/// <summary>A table with a column of every type, and a row with every value and one with none.</summary>
internal static class SmallTableRows
{
    public static readonly Column[] Columns =
    [
        new("name", ColumnType.String, false, "a name", true),
        new("text", ColumnType.String, true, "a text"),
        new("number", ColumnType.Long, true, "a number", true),
        new("count", ColumnType.Integer, true, "a count"),
        new("small", ColumnType.Short, true, "a small one"),
        new("yes", ColumnType.Boolean, true, "a flag"),
        new("day", ColumnType.Date, true, "a day", true),
        new("at", ColumnType.Timestamp, true, "a time", true),
    ];

    public static readonly object?[] Full = ["a", "text ü", 5_000_000_000L, 7, (short)3, true, new DateOnly(2026, 11, 22), new DateTime(2026, 11, 22, 10, 0, 0, 123, DateTimeKind.Utc)];

    public static readonly object?[] Empty = ["b", null, null, null, null, null, null, null];
}
