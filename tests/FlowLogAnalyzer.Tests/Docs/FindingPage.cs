using System.Text;
using System.Text.RegularExpressions;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Tests.Catalogue;

namespace FlowLogAnalyzer.Tests.Docs;

/// <summary>One page of docs/findings.</summary>
internal static partial class FindingPage
{
    public static string Text(QueryFile query, FindingCase shown, Finding example)
    {
        var page = new StringBuilder($"# {query.Name}: {query.Title}\n\n{query.Question}\n\n")
            .Append($"Severity {FindingJson.Word(query.Severity!.Value)}, confidence {FindingJson.Word(query.Confidence!.Value)}. ")
            .Append($"SQL: [queries/findings/{query.Name}.sql](../../queries/findings/{query.Name}.sql). Generated; do not edit.\n\n");
        AppendInputs(page, query);
        AppendParameters(page, query);
        page.Append($"## Not to be confused with\n\n{Sentence(query.FalsePositives)}\n\n");
        AppendList(page, "## Limits", query.Limits);
        AppendList(page, "## MITRE ATT&CK", example.Attack.Select(a => $"{a.Id} {a.Name}"));
        AppendCases(page, query.Name);
        AppendExample(page, shown, example);
        return page.ToString();
    }

    private static void AppendInputs(StringBuilder page, QueryFile query)
    {
        var needed = query.Inputs.Where(i => !i.IsOptional).Select(i => $"`{i.Table}`").ToList();
        var optional = query.Inputs.Where(i => i.IsOptional).Select(i => $"`{i.Table}`").ToList();
        page.Append($"## Inputs\n\nFlow logs{(needed.Count > 0 ? $" and {string.Join(", ", needed)}" : "")}.");
        if (optional.Count > 0)
            page.Append($" Better with {string.Join(", ", optional)}.");
        page.Append("\n\n");
    }

    private static void AppendParameters(StringBuilder page, QueryFile query)
    {
        if (query.Parameters.Count == 0)
            return;

        page.Append($"## Parameters\n\nSet in flowlog.json under `findings.{query.Name}`.\n\n| name | default | meaning |\n|---|---|---|\n");
        foreach (var parameter in query.Parameters)
            page.Append($"| `{parameter.Name}` | {parameter.Default} | {parameter.Meaning} |\n");
        page.Append('\n');
    }

    private static void AppendList(StringBuilder page, string title, IEnumerable<string> items)
    {
        var list = items.ToList();
        if (list.Count > 0)
            page.Append($"{title}\n\n{string.Concat(list.Select(i => $"- {Braces().Replace(i, "…")}\n"))}\n");
    }

    private static void AppendCases(StringBuilder page, string id)
    {
        page.Append("## Cases\n\n");
        foreach (var known in FindingCases.All.Where(c => c.Id == id))
            page.Append($"- {(known.Fires ? $"fires ({FindingJson.Word(known.Severity!.Value)})" : "silent")}: {known.Name}\n");
        page.Append('\n');
    }

    private static void AppendExample(StringBuilder page, FindingCase shown, Finding example)
    {
        page.Append($"## Example: {shown.Name}\n\n{FindingJson.Word(example.Severity)}: {example.Subject}\n\n> {example.Explanation}\n\n");
        if (example.Fix is { } fix)
            page.Append($"Fix: {fix.Summary}\n\n");
        page.Append("Evidence:\n\n");
        foreach (var (name, value) in example.Evidence.Where(e => e.Key != "sql"))
            page.Append($"- {name}: {Cell(value)}\n");
        page.Append($"\n```sql\n{example["sql"]}\n```\n");
    }

    private static string Cell(object? value) => value switch
    {
        string text => text,
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        double number => Math.Round(number, 4).ToString(System.Globalization.CultureInfo.InvariantCulture),
        System.Collections.IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Cell)),
        _ => value?.ToString() ?? "",
    };

    private static string Sentence(string text) => text.Length == 0 ? text : $"{char.ToUpperInvariant(text[0])}{text[1..]}.";

    [GeneratedRegex(@"\{[a-z_0-9:]+\}", RegexOptions.None, 1000)]
    private static partial Regex Braces();
}
