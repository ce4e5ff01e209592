using FlowLogAnalyzer.Replay;

namespace FlowLogAnalyzer.Tests.Replay.Catalogue;

public class EngineCaseTests
{
    public static TheoryData<string, string> Hits => Data(fires: true);

    public static TheoryData<string, string> NearMisses => Data(fires: false);

    public static TheoryData<string> Ids => [.. EngineCheck.Findings.Select(f => f.Id)];

    [Theory, MemberData(nameof(Ids))]
    public void A_finding_of_the_rules_has_a_case_that_fires_and_a_near_miss(string id)
    {
        Assert.Contains(EngineCases.All, c => c.Id == id && c.Fires);
        Assert.Contains(EngineCases.All, c => c.Id == id && !c.Fires);
    }

    [Fact]
    public void Every_case_is_about_a_finding_that_is_there()
    {
        Assert.Empty(EngineCases.All.Select(c => c.Id).Distinct().Except(EngineCheck.Findings.Select(f => f.Id)));
        Assert.Equal(EngineCases.All.Count, EngineCases.All.Select(c => (c.Id, c.Name)).Distinct().Count());
    }

    [Theory, MemberData(nameof(Hits))]
    public void Fires(string id, string name)
    {
        var wanted = Find(id, name);

        var findings = wanted.Check();

        Assert.NotEmpty(findings);
        Assert.Equal(wanted.Severity, findings.Max(f => f.Severity));
        Assert.All(findings, f => Assert.DoesNotMatch(@"\{|\}|\bnull\b", f.Explanation + f.Fix?.Summary));
    }

    [Theory, MemberData(nameof(NearMisses))]
    public void Stays_silent(string id, string name)
    {
        var findings = Find(id, name).Check();

        Assert.True(findings.Count == 0, string.Join("\n", findings.Select(f => $"{f.Severity} {f.Subject}: {f.Explanation}")));
    }

    private static EngineCase Find(string id, string name) => EngineCases.All.Single(c => c.Id == id && c.Name == name);

    private static TheoryData<string, string> Data(bool fires) => new(EngineCases.All.Where(c => c.Fires == fires).Select(c => (c.Id, c.Name)));
}
