using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Tests.Catalogue;

namespace FlowLogAnalyzer.Tests.Replay.Catalogue;

public class EngineCaseTests
{
    public static TheoryData<string, string> Hits => CatalogueCases.Hits(EngineCases.All);

    public static TheoryData<string, string> NearMisses => CatalogueCases.NearMisses(EngineCases.All);

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
    public void Fires(string id, string name) => CatalogueCases.AssertFires(EngineCases.All, id, name);

    [Theory, MemberData(nameof(NearMisses))]
    public void Stays_silent(string id, string name) => CatalogueCases.AssertSilent(EngineCases.All, id, name);
}
