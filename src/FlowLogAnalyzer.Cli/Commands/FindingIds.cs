using System.CommandLine.Completions;
using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>The ids that --only, fix and explain take.</summary>
internal static class FindingIds
{
    public static IReadOnlyList<string> All { get; } =
        [.. QueryLibrary.BuiltIn.Findings.Select(f => f.Name).Concat(Check.FindingsOfRules.Select(f => f.Id)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public static IEnumerable<CompletionItem> Completions(CompletionContext context) => All.Select(id => new CompletionItem(id));

    public static bool IsKnown(string id) => All.Contains(id, StringComparer.OrdinalIgnoreCase);
}
