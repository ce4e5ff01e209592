namespace FlowLogAnalyzer.Cli.Output;

/// <summary>Rows on their way out; a cell is text, a number, a boolean, a UTC time, a list, a map, or null.</summary>
internal sealed record ResultSet(IReadOnlyList<string> Columns, IAsyncEnumerable<IReadOnlyList<object?>> Rows)
{
    public static ResultSet Of(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows) =>
        new(columns, rows.ToAsyncEnumerable());
}
