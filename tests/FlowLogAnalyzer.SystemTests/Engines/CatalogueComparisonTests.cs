using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Tests.Reports;

namespace FlowLogAnalyzer.Tests.Engines;

/// <summary>Every query of the library over two weeks of the lab, as `flowlog query NAME` runs it, on both engines: the same rows. Findings only where all is compared: their cases are elsewhere.</summary>
[Collection(nameof(ReportLake))]
public class CatalogueComparisonTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    public static TheoryData<string> All => [.. QueryLibrary.BuiltIn.Queries.Where(q => BothEngines.IsWhole || q.Folder != "findings").Select(q => q.Name).Where(BothEngines.IsChosen)];

    public static TheoryData<string> SilentInTheLab => [.. CatalogueCases.All.Keys.Where(BothEngines.IsChosen)];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(All))]
    public Task A_query_answers_the_same(string name)
    {
        string Ask(LakeDatabase database) => BothEngines.Json(database.Run(database.Library.Find(name)!));
        return BothEngines.CompareAsync(name, Ask(databases.DuckDb), () => Ask(databases.ClickHouse));
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(SilentInTheLab))]
    public Task A_query_that_the_lab_has_nothing_for_answers_the_same(string name) => BothEngines.AnswerAlikeAsync(name + " case", () =>
    {
        using var known = CatalogueCases.All[name].Lake();
        using var database = known.Open();
        return BothEngines.Json(database.Run(database.Library.Find(name)!, CatalogueCases.All[name].Variables));
    });
}
