namespace FlowLogAnalyzer.Tests.Catalogue;

public class FindingCaseTests
{
    public static TheoryData<string, string> Hits => CatalogueCases.Hits(FindingCases.All);

    public static TheoryData<string, string> NearMisses => CatalogueCases.NearMisses(FindingCases.All);

    [Theory, MemberData(nameof(Hits))]
    public void Fires(string id, string name) => CatalogueCases.AssertFires(FindingCases.All, id, name);

    [Theory, MemberData(nameof(NearMisses))]
    public void Stays_silent(string id, string name) => CatalogueCases.AssertSilent(FindingCases.All, id, name);
}
