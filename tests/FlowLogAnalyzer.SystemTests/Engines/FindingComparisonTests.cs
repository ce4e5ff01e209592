using FlowLogAnalyzer.Tests.Catalogue;
using FlowLogAnalyzer.Tests.Replay.Catalogue;

namespace FlowLogAnalyzer.Tests.Engines;

/// <summary>
/// Every case of every finding, those that fire and the near misses, on both engines: the same JSON. An ordinary run has the
/// first that fires of each group of findings.
/// </summary>
public class FindingComparisonTests
{
    public static TheoryData<string, string> OfQueries => Chosen(FindingCases.All);

    public static TheoryData<string, string> OfRules => Chosen(EngineCases.All);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(OfQueries))]
    public Task A_finding_of_a_query_is_the_same(string id, string name)
    {
        var wanted = FindingCases.All.Single(c => c.Id == id && c.Name == name);
        return BothEngines.AnswerAlikeAsync($"{id} {name}", () => BothEngines.Json(wanted.Check()));
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(OfRules))]
    public Task A_finding_of_the_rules_is_the_same(string id, string name)
    {
        var wanted = EngineCases.All.Single(c => c.Id == id && c.Name == name);
        return BothEngines.AnswerAlikeAsync($"{id} {name}", () => BothEngines.Json(wanted.Check()));
    }

    private static TheoryData<string, string> Chosen(IEnumerable<ICatalogueCase> cases) =>
        new((BothEngines.IsWhole ? cases : cases.Where(c => c.Severity is not null).DistinctBy(c => c.Id[..3])).Where(c => BothEngines.IsChosen(c.Id)).Select(c => (c.Id, c.Name)));
}
