using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Tests.Reports;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Engines;

/// <summary>
/// A whole check of each of the lab's scenarios, repairs and coverage included, on both engines: the same JSON. An ordinary run
/// has the two outages and the intruder.
/// </summary>
public sealed class ScenarioComparisonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> All => [.. LabScenarios.All.Select(s => s.Name).Where(name => BothEngines.IsWhole || name is "story" or "lateral-movement").Where(BothEngines.IsChosen)];

    public void Dispose() => _folder.Dispose();

    [Theory(SkipTestWithoutData = true), MemberData(nameof(All))]
    public async Task A_check_finds_the_same(string scenario)
    {
        LabRunner.Write(LabScenarios.Find(scenario)!, new LabOptions { Format = LogFormat.VnetV4 }, _folder["logs"]);
        await ReportLake.FillAsync(_folder["lake"], _folder["logs"]);
        var windows = await LakeWindows.LoadAsync(await FlowLake.OpenAsync(_folder["lake"], ct: TestContext.Current.CancellationToken), ct: TestContext.Current.CancellationToken);

        await BothEngines.AnswerAlikeAsync(scenario, () =>
        {
            using var database = windows.OpenAsync(null, null, TestEngine.Apply, TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult();
            return BothEngines.Json(EngineCheck.Run(database, new NetworkModel(windows.Inventory), cancellation: TestContext.Current.CancellationToken).Findings);
        });
    }
}
