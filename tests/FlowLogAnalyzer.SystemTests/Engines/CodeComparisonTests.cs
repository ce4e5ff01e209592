using System.Text.Json;
using FlowLogAnalyzer.Findings.Rules;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Tests.Reports;

namespace FlowLogAnalyzer.Tests.Engines;

/// <summary>What the code asks beside the queries of the library, over two weeks of the lab, on both engines: the same answers.</summary>
[Collection(nameof(ReportLake))]
public class CodeComparisonTests(BothDatabases databases, ReportLake lake) : IClassFixture<BothDatabases>
{
    [Fact]
    public Task The_coverage_of_every_NIC_and_hour_is_the_same() =>
        CompareAsync("coverage", database => string.Join('\n', database.Coverage.Select(hour => JsonSerializer.Serialize(hour))));

    [Fact]
    public async Task The_findings_of_the_rules_are_the_same()
    {
        var inventory = (await lake.OpenAsync()).Inventory;
        await CompareAsync("findings of the rules", database => BothEngines.Json(EngineFindings.Run(new EngineContext(database, new NetworkModel(inventory)), [], [])));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_classes_of_flows_are_the_same(int scope)
    {
        var inventory = (await lake.OpenAsync()).Inventory;
        await CompareAsync($"classes {(FlowClassScope)scope}", database => string.Join('\n', FlowClasses.Read(database, new NetworkModel(inventory), (FlowClassScope)scope).Select(c => c.ToString()).Order(StringComparer.Ordinal)));
    }

    private async Task CompareAsync(string name, Func<LakeDatabase, string> ask)
    {
        var expected = ask(databases.DuckDb);
        Assert.NotEmpty(expected);
        await BothEngines.CompareAsync(name, expected, () => ask(databases.ClickHouse));
    }
}
