using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Findings;

/// <summary>
/// Fills the braces of a header's texts with a row's columns: <c>{node}</c>, <c>{share:percent}</c> in sentences; in
/// evidence-sql each <c>{column}</c> becomes an SQL literal (a list becomes the right-hand side of <c>in</c>).
/// </summary>
internal static partial class FindingTemplate
{
    /// <exception cref="InvalidDataException">The template names a column that the query does not return.</exception>
    public static string Sentence(QueryFile query, string template, IReadOnlyDictionary<string, object?> row) =>
        Braces().Replace(template, match => Text(Cell(query, match, row), match.Groups["format"].Value));

    /// <exception cref="InvalidDataException">The template names a column that the query does not return.</exception>
    public static string Sql(QueryFile query, IReadOnlyDictionary<string, object?> row) =>
        Braces().Replace(query.EvidenceSql, match => SqlText.Value(Cell(query, match, row)));

    private static object? Cell(QueryFile query, Match match, IReadOnlyDictionary<string, object?> row) =>
        row.TryGetValue(match.Groups["column"].Value, out var cell)
            ? cell
            : throw new InvalidDataException($"queries/{query.Folder}/{query.Name}.sql: the header uses {match.Value}, but the query returns no such column.");

    private static string Text(object? cell, string format) => cell switch
    {
        null => "unknown",
        string text => text,
        double share when format == "percent" => $"{Math.Round(share * 100, 1).ToString(CultureInfo.InvariantCulture)} %",
        double number => Math.Round(number, 2).ToString(CultureInfo.InvariantCulture),
        DateTime time => SqlText.Iso(time),
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(item => Text(item, format))),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };

    [GeneratedRegex(@"\{(?<column>[a-z_0-9]+)(:(?<format>percent))?\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Braces();
}
