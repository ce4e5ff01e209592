using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Tests.Replay;

public class EngineCheckTests
{
    public static TheoryData<string, bool> Scenarios()
    {
        var data = new TheoryData<string, bool>();
        foreach (var scenario in LabScenarios.All)
        {
            data.Add(scenario.Name, false);
            data.Add(scenario.Name, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Findings_of_the_rules_raise_no_false_alarm(string scenario, bool managedNicNsg)
    {
        using var lake = await ReplayLake.Of(scenario, new LabOptions { Minutes = 12, ManagedNicNsg = managedNicNsg, Format = managedNicNsg ? LogFormat.VnetV4 : LogFormat.NsgV2 });
        var right = lake.Truth.ExpectedFindings.Select(f => f.Id).Concat(lake.Truth.AlsoPossible).ToHashSet();

        var findings = EngineCheck.Run(lake.Database, lake.Model, cancellation: TestContext.Current.CancellationToken).Findings;

        Assert.Empty(findings.Where(f => f.Severity > Severity.Info && EngineCheck.Findings.Any(e => e.Id == f.Id) && !right.Contains(f.Id)).Select(f => $"{f.Id} {f.Severity} {f.Subject}: {f.Explanation}"));
        foreach (var finding in findings.Where(f => EngineCheck.Findings.Any(e => e.Id == f.Id)))
        {
            using var rows = lake.Database.Query((string)finding["sql"]!);
            Assert.Equal((finding.Id, finding.Count), (finding.Id, rows.Read().LongCount()));
        }
    }
}
