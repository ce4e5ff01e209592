using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Tests.Scenarios;

/// <summary>What must hold in every scenario; the cases of one log format are in a class of their own, so that they run side by side.</summary>
public abstract class ScenarioTests
{
    private static readonly string[] KeyScenarios = ["story", "ingress-flapping", "lateral-movement", "local-stray-pod"];

    protected static TheoryData<ScenarioCase> Cases(LogFormat format, LabCni other) =>
    [
        .. LabScenarios.All.Select(s => new ScenarioCase(s.Name, format, LabCni.Kubenet)),
        .. KeyScenarios.Select(s => new ScenarioCase(s, format, other)),
    ];

    protected static async Task EveryTupleIsARowAsync(ScenarioCase scenario)
    {
        var run = await ScenarioRun.OfAsync(scenario);

        Assert.True(run.Truth.Tuples > 5000, $"only {run.Truth.Tuples} tuples");
        Assert.Equal(run.Truth.Tuples, run.RowsInLake);
        Assert.Empty(run.Check.Skipped);
    }

    protected static async Task WhatMustBeFoundIsFoundAsync(ScenarioCase scenario)
    {
        var run = await ScenarioRun.OfAsync(scenario);

        Assert.Equal(scenario.Scenario.StartsWith("healthy", StringComparison.Ordinal), run.Truth.ExpectedFindings.Count == 0);
        foreach (var expected in run.Truth.ExpectedFindings)
            ExpectedFindings.MustBeAmong(run, expected);
    }

    protected static async Task NothingElseIsFoundAsync(ScenarioCase scenario)
    {
        var run = await ScenarioRun.OfAsync(scenario);
        var highest = scenario.Scenario.StartsWith("healthy", StringComparison.Ordinal) ? Severity.Info : Severity.Low;
        var meant = run.Truth.ExpectedFindings.Select(f => f.Id).Concat(run.Truth.AlsoPossible).ToHashSet(StringComparer.Ordinal);

        var surprises = run.Findings.Where(f => f.Severity > highest && !meant.Contains(f.Id));

        Assert.True(!surprises.Any(), string.Join("\n", surprises.Select(f => $"{f.Severity} {f.Id} {f.Subject}: {f.Explanation}")));
    }

    /// <summary>In the intruder's cluster others talk as well: second hops, scrapes, DNS. None of them may be accused.</summary>
    protected static async Task OnlyTheIntruderIsAccusedAsync(ScenarioCase scenario)
    {
        var run = await ScenarioRun.OfAsync(scenario);
        var intruders = run.Truth.ExpectedFindings.Select(f => f.Source).OfType<string>().Distinct();

        // Where nobody intrudes, what the truth allows for is no accusation: a database that nobody has declared.
        bool IsExcused(string id) => !intruders.Any() && run.Truth.AlsoPossible.Contains(id);
        var accused = run.Findings.Where(f => f.Id.StartsWith("LAT-", StringComparison.Ordinal) && !IsExcused(f.Id)).Select(f => (string)f["source"]!).Distinct();

        Assert.Equal(intruders, accused);
    }

    protected static async Task EvidenceReturnsTheCountAsync(ScenarioCase scenario)
    {
        var run = await ScenarioRun.OfAsync(scenario);

        Assert.Equal(run.Findings.Select(f => $"{f.Id} {f.Subject}: {f.Count}"), run.Findings.Select((f, i) => $"{f.Id} {f.Subject}: {run.EvidenceRows[i]}"));
        Assert.All(run.Findings, f => Assert.InRange(f.FirstSeen, run.Truth.Start.UtcDateTime, run.Truth.End.UtcDateTime.AddMinutes(1)));
        Assert.All(run.Findings, f => Assert.DoesNotContain("unknown", f.Explanation, StringComparison.Ordinal));
    }
}

public class ScenarioTestsOnNsgLogs : ScenarioTests
{
    public static TheoryData<ScenarioCase> All => Cases(LogFormat.NsgV2, LabCni.NodeSubnet);

    [Theory, MemberData(nameof(All))]
    public Task Every_tuple_of_the_blobs_is_a_row_of_the_lake(ScenarioCase scenario) => EveryTupleIsARowAsync(scenario);

    [Theory, MemberData(nameof(All))]
    public Task What_must_be_found_is_found_with_the_right_NSG_rule_nodes_and_share(ScenarioCase scenario) => WhatMustBeFoundIsFoundAsync(scenario);

    [Theory, MemberData(nameof(All))]
    public Task Nothing_else_is_found_above_low_and_nothing_above_info_when_all_is_well(ScenarioCase scenario) => NothingElseIsFoundAsync(scenario);

    [Theory, MemberData(nameof(All))]
    public Task Nobody_but_the_intruder_is_accused(ScenarioCase scenario) => OnlyTheIntruderIsAccusedAsync(scenario);

    [Theory, MemberData(nameof(All))]
    public Task Evidence_SQL_returns_as_many_rows_as_the_finding_counts(ScenarioCase scenario) => EvidenceReturnsTheCountAsync(scenario);
}

public class ScenarioTestsOnVnetLogs : ScenarioTests
{
    public static TheoryData<ScenarioCase> All => Cases(LogFormat.VnetV4, LabCni.Overlay);

    [Theory, MemberData(nameof(All))]
    public Task Every_tuple_of_the_blobs_is_a_row_of_the_lake(ScenarioCase scenario) => EveryTupleIsARowAsync(scenario);

    [Theory, MemberData(nameof(All))]
    public Task What_must_be_found_is_found_with_the_right_NSG_rule_nodes_and_share(ScenarioCase scenario) => WhatMustBeFoundIsFoundAsync(scenario);

    [Theory, MemberData(nameof(All))]
    public Task Nothing_else_is_found_above_low_and_nothing_above_info_when_all_is_well(ScenarioCase scenario) => NothingElseIsFoundAsync(scenario);

    [Theory, MemberData(nameof(All))]
    public Task Nobody_but_the_intruder_is_accused(ScenarioCase scenario) => OnlyTheIntruderIsAccusedAsync(scenario);

    [Theory, MemberData(nameof(All))]
    public Task Evidence_SQL_returns_as_many_rows_as_the_finding_counts(ScenarioCase scenario) => EvidenceReturnsTheCountAsync(scenario);
}
