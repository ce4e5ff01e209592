using System.Collections.Concurrent;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Tests.Catalogue;

/// <summary>A hit or a near miss of one finding; no severity = it must not fire.</summary>
internal interface ICatalogueCase
{
    string Id { get; }

    string Name { get; }

    Severity? Severity { get; }

    /// <summary>The findings of this id; their evidence SQL has been run and compared with what they count.</summary>
    IReadOnlyList<Finding> Check();
}

/// <summary>What is asserted of every case, wherever its finding comes from.</summary>
internal static class CatalogueCases
{
    private static readonly ConcurrentDictionary<ICatalogueCase, Lazy<IReadOnlyList<Finding>>> Checked = new(ReferenceEqualityComparer.Instance);

    /// <summary>What the case's check finds on DuckDB, run once for its test, its page and whoever needs an example.</summary>
    public static IReadOnlyList<Finding> Findings(this ICatalogueCase shown) => Checked.GetOrAdd(shown, c => new Lazy<IReadOnlyList<Finding>>(c.Check)).Value;

    public static TheoryData<string, string> Hits(IEnumerable<ICatalogueCase> cases) => new(cases.Where(c => c.Severity is not null).Select(c => (c.Id, c.Name)));

    public static TheoryData<string, string> NearMisses(IEnumerable<ICatalogueCase> cases) => new(cases.Where(c => c.Severity is null).Select(c => (c.Id, c.Name)));

    public static void AssertFires(IEnumerable<ICatalogueCase> cases, string id, string name)
    {
        var wanted = cases.Single(c => c.Id == id && c.Name == name);

        var findings = wanted.Findings();

        Assert.NotEmpty(findings);
        Assert.Equal(wanted.Severity, findings.Max(f => f.Severity));
        Assert.All(findings, f => Assert.DoesNotMatch(@"\{|\}|\bnull\b", f.Explanation + f.Fix?.Summary));
    }

    public static void AssertSilent(IEnumerable<ICatalogueCase> cases, string id, string name)
    {
        var findings = cases.Single(c => c.Id == id && c.Name == name).Findings();

        Assert.True(findings.Count == 0, string.Join("\n", findings.Select(f => $"{f.Severity} {f.Subject}: {f.Explanation}")));
    }
}
