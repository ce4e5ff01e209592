using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Fixes;

/// <summary>What to check.</summary>
public sealed record CheckRequest
{
    /// <summary>Ids of the findings to look for; none = all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>What is known about rules beyond the inventory.</summary>
    public NetworkModelOptions Rules { get; init; } = new();
}

/// <summary>What a check found, and the rules that repair it.</summary>
/// <param name="Result">The findings.</param>
/// <param name="Bundles">One per Service and state of the rules; those of the findings that were asked for.</param>
/// <param name="UnusedRules">Works out the rules that matched nothing, by NSG and name, while the window is open; none without rules.</param>
public sealed record CheckedWindow(CheckResult Result, IReadOnlyList<FixBundle> Bundles, Func<IReadOnlyList<(string Nsg, string Rule)>> UnusedRules);

/// <summary>
/// The one check: the same lake, window and flowlog.json give the same findings with the same repairs, whoever asks. Hosts
/// have no other way to findings.
/// </summary>
public static class Check
{
    /// <summary>Ids and titles of the findings that come from rules and not from a query.</summary>
    public static IReadOnlyList<(string Id, string Title)> FindingsOfRules => EngineCheck.Findings;

    public static CheckResult Run(LakeWindow window, CheckRequest? request = null, CancellationToken ct = default) => RunWithRepairs(window, request, ct).Result;

    /// <summary>The same, with the bundles of rules that the findings' repairs are parts of.</summary>
    public static CheckedWindow RunWithRepairs(LakeWindow window, CheckRequest? request = null, CancellationToken ct = default)
    {
        request ??= new CheckRequest();
        var options = new CheckOptions { Only = request.Only, Configuration = window.Configuration, Now = window.Now };
        var found = EngineCheck.RunWithRepairs(window.Database, new NetworkModel(window.Inventory, request.Rules), options, ct);
        return found with { Result = found.Result with { NothingLookedAt = NothingLookedAt(window.LookedAt, request, found.Result) } };
    }

    /// <summary>A finding that needs no inventory can be looked for without one.</summary>
    private static string? NothingLookedAt(LookedAt lookedAt, CheckRequest request, CheckResult result)
    {
        if (lookedAt.NoRows is { } noRows)
            return noRows;
        if (result.Skipped.Count == 0)
            return null;
        if (lookedAt.NoInventory is { } noInventory)
            return noInventory;

        var skipped = result.Skipped.Select(s => s.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return request.Only.Count > 0 && request.Only.All(skipped.Contains)
            ? $"{string.Join(", ", request.Only.Select(o => o.ToUpperInvariant()))} could not be looked for. {string.Join(" ", result.Skipped.Select(s => s.Reason).Distinct(StringComparer.Ordinal))}"
            : null;
    }
}
