using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Replay;

namespace FlowLogAnalyzer.Tests.Replay;

public class SelfCheckTests
{
    public static TheoryData<string, LogFormat> Scenarios()
    {
        var data = new TheoryData<string, LogFormat>();
        foreach (var scenario in LabScenarios.All)
            foreach (var format in new[] { LogFormat.NsgV1, LogFormat.NsgV2, LogFormat.VnetV4 })
                data.Add(scenario.Name, format);
        return data;
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task The_exported_rules_decide_every_flow_of_the_lab_as_it_was_logged(string scenario, LogFormat format)
    {
        using var lake = await ReplayLake.Of(scenario, new LabOptions { Format = format, Minutes = 12 });

        var result = SelfCheck.Run(lake.Database, lake.Model, TestContext.Current.CancellationToken);

        Assert.Empty(result.Groups.Select(g => $"{g.Flows} x {g.Outcome}: {g.Example}: {g.Explanation}"));
        Assert.True(result.Agreed > 1000, $"only {result.Agreed} flows");
        Assert.Equal(1.0, result.Agreement);
    }

    [Theory]
    [InlineData("story", LabCni.Overlay, true)]
    [InlineData("probe-denied", LabCni.NodeSubnet, true)]
    [InlineData("lateral-movement", LabCni.Overlay, false)]
    public async Task It_agrees_with_two_levels_and_every_kind_of_pod_network(string scenario, LabCni cni, bool managedNicNsg)
    {
        using var lake = await ReplayLake.Of(scenario, new LabOptions { Cni = cni, ManagedNicNsg = managedNicNsg, Minutes = 12 });

        var result = SelfCheck.Run(lake.Database, lake.Model, TestContext.Current.CancellationToken);

        Assert.Empty(result.Groups.Select(g => $"{g.Flows} x {g.Outcome}: {g.Example}: {g.Explanation}"));
        Assert.Equal(cni == LabCni.Overlay, result.Assumed > 0);
    }
}
