using System.Text;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Tests.Catalogue;
using FlowLogAnalyzer.Tests.Replay.Catalogue;

namespace FlowLogAnalyzer.Tests.Docs;

/// <summary>docs/findings/README.md: every finding with what makes it and with its cases.</summary>
internal static class CatalogueTable
{
    private static readonly (string Family, string Title, int Count)[] Families =
    [
        ("EGR", "Egress and platform", 8), ("LAT", "Lateral movement and abuse", 16), ("LBC", "Client path and Service", 13), ("LBP", "Load-balancer probes", 6), ("NSG", "Hygiene of rules", 10), ("OBS", "What the logs show", 5),
    ];

    /// <summary>The catalogue: numbers of a family have no gaps.</summary>
    public static IEnumerable<string> Ids => Families.SelectMany(f => Enumerable.Range(1, f.Count).Select(n => $"{f.Family}-{n:000}"));

    public static string Text()
    {
        var page = new StringBuilder("# The findings of `flowlog check`\n\n")
            .Append("Generated from `queries/findings`, `src/FlowLogAnalyzer/Replay` and the cases in `tests/FlowLogAnalyzer.Tests`; do not edit. `UPDATE=1 dotnet test` rewrites it.\n\n")
            .Append("Findings about flows are SQL; those that have to ask rules are classes. Severity is that of the usual form; a row of a finding carries its own. Every finding has a case in which it must fire and a near miss in which it must not.\n\n")
            .Append("| severity | means |\n|---|---|\n").AppendJoin("", Enum.GetValues<Severity>().Reverse().Select(s => $"| {FindingJson.Word(s)} | {XmlDocs.Summary($"F:{typeof(Severity).FullName}.{s}")} |\n"))
            .Append("\n| confidence | means |\n|---|---|\n").AppendJoin("", Enum.GetValues<Confidence>().Reverse().Select(c => $"| {FindingJson.Word(c)} | {XmlDocs.Summary($"F:{typeof(Confidence).FullName}.{c}")} |\n"));
        foreach (var (family, title, _) in Families)
        {
            page.Append($"\n## {title}\n\n| id | looks for | severity | made by | fires when | stays silent when |\n|---|---|---|---|---|---|\n");
            foreach (var id in Ids.Where(i => i.StartsWith(family, StringComparison.Ordinal)))
                page.Append(QueryLibrary.BuiltIn.Find(id) is { } query ? Row(query) : Row(id));
        }

        return page.ToString();
    }

    private static string Row(QueryFile query) =>
        $"| [{query.Name}]({query.Name}.md) | {query.Title} | {FindingJson.Word(query.Severity!.Value)} | [{query.Name}.sql](../../queries/findings/{query.Name}.sql) | {Cases(query.Name, fires: true)} | {Cases(query.Name, fires: false)} |\n";

    private static string Row(string id)
    {
        var file = SourceOf(id);
        return $"| [{id}](rules.md#{id.ToLowerInvariant()}) | {EngineCheck.Findings.Single(f => f.Id == id).Title} | by case | [{Path.GetFileNameWithoutExtension(file)}](../../{file}) | {Cases(id, fires: true)} | {Cases(id, fires: false)} |\n";
    }

    private static string Cases(string id, bool fires) => string.Join("; ", FindingCases.All.Where(c => c.Id == id && c.Fires == fires).Select(c => c.Name)
        .Concat(EngineCases.All.Where(c => c.Id == id && c.Fires == fires).Select(c => c.Name)));

    /// <summary>The file that builds the finding.</summary>
    private static string SourceOf(string id) => Directory.GetFiles(RepositoryFiles.Path("src/FlowLogAnalyzer"), "*.cs", SearchOption.AllDirectories)
        .Where(f => File.ReadAllText(f) is var text && (text.Contains($"Build(\"{id}\"", StringComparison.Ordinal) || text.Contains($"Id = \"{id}\"", StringComparison.Ordinal)))
        .Select(f => Path.GetRelativePath(RepositoryFiles.Root, f).Replace('\\', '/')).Single();
}
