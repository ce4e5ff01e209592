using System.Globalization;
using System.Text;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Reports;

namespace FlowLogAnalyzer.Tests.Docs;

/// <summary>One page of docs/queries.</summary>
internal static class QueryPage
{
    private const int MostRows = 5;

    /// <summary>Rows of more columns are written one below the other.</summary>
    private const int MostColumns = 14;

    public static string Text(QueryFile query, QueryExample example)
    {
        var page = new StringBuilder($"# {query.Name}: {query.Title}\n\n{query.Question}\n\n")
            .Append($"SQL: [queries/{query.Folder}/{query.Name}.sql](../../queries/{query.Folder}/{query.Name}.sql). Generated; do not edit.\n\n")
            .Append($"```sh\nflowlog query {query.Name}{string.Concat(Shown(query, example).Select(s => $" --set {s}"))}\n```\n\n");
        if (query.Parameters.Count > 0)
            page.Append("## Parameters\n\n| name | type | default | meaning |\n|---|---|---|---|\n")
                .AppendJoin("", query.Parameters.Select(p => $"| `{p.Name}` | {p.Type} | {p.Default} | {p.Meaning} |\n")).Append('\n');
        if (query.Limits.Count > 0)
            page.Append($"## Limits\n\n{string.Concat(query.Limits.Select(l => $"- {l}\n"))}\n");
        return page.Append($"## Example\n\n{Rows(example)}").ToString();
    }

    private static IEnumerable<string> Shown(QueryFile query, QueryExample example) => example.Variables.Count > 0
        ? example.Variables.Select(v => $"{v.Key}={v.Value}")
        : query.Parameters.Take(1).Select(p => $"{p.Name}={p.Default.Trim('\'')}").Where(text => !text.EndsWith('='));

    private static string Rows(QueryExample example)
    {
        var first = example.Rows.Take(example.Columns.Count > MostColumns ? 1 : MostRows).ToList();
        var shown = example.Rows.Count > first.Count
            ? $"The first {(first.Count == 1 ? "row" : $"{first.Count} rows")} of {ReportText.Number(example.Rows.Count)}, asked of {example.Of}.\n\n"
            : $"Asked of {example.Of}.\n\n";
        if (example.Columns.Count > MostColumns)
            return shown + ReportTable.Table([("column", false), ("value", false)], example.Columns.Zip(first[0], (c, cell) => new[] { c, Cell(cell) }));

        var numbers = example.Columns.Select((c, i) => (c, first.All(row => row[i] is long or double or null) && first.Any(row => row[i] is not null))).ToList();
        return shown + ReportTable.Table(numbers, first.Select(row => row.Select(Cell)));
    }

    /// <summary>Numbers as programs write them: ports and ids have no thousands.</summary>
    private static string Cell(object? cell) => cell is long number ? number.ToString(CultureInfo.InvariantCulture) : ReportText.Plain(cell);
}

/// <summary>What a query answered, and what it was asked of.</summary>
internal sealed record QueryExample(string Of, IReadOnlyDictionary<string, string> Variables, IReadOnlyList<string> Columns, IReadOnlyList<object?[]> Rows)
{
    public static QueryExample Ask(LakeDatabase database, QueryFile query, IReadOnlyDictionary<string, string> variables, string of)
    {
        using var rows = database.Run(query, variables);
        return new QueryExample(of, variables, [.. rows.Columns.Select(c => c.Name)], [.. rows.Read()]);
    }
}
