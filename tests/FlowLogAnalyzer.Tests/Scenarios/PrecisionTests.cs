using System.Globalization;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Tests.Scenarios;

/// <summary>How many of the things that happen are found, and how much of what is found did happen, by finding.</summary>
public class PrecisionTests
{
    [Fact]
    public async Task Over_all_scenarios_all_is_found_and_nothing_else()
    {
        var scores = new SortedDictionary<string, Score>(StringComparer.Ordinal);
        foreach (var scenario in LabScenarios.All.Select(s => s.Name))
        {
            var run = await ScenarioRun.OfAsync(new ScenarioCase(scenario, LogFormat.NsgV2, LabCni.Kubenet));
            foreach (var expected in run.Truth.ExpectedFindings)
                Add(scores, expected.Id, run.Findings.Any(f => f.Id == expected.Id && Names(f, expected)) ? new Score(1, 0, 0) : new Score(0, 0, 1));
            foreach (var finding in run.Findings.Where(f => f.Severity > Severity.Low && IsFalse(f, run.Truth)))
                Add(scores, finding.Id, new Score(0, 1, 0));
        }

        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine("finding   found  false  missed  precision  recall");
        foreach (var (id, score) in scores)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{id}   {score.Found,5}  {score.False,5}  {score.Missed,6}  {score.Precision,9:0.00}  {score.Recall,6:0.00}"));

        Assert.All(scores, s => Assert.Equal((s.Key, 0, 0), (s.Key, s.Value.False, s.Value.Missed)));
        Assert.Superset(new HashSet<string>(StringComparer.Ordinal) { "LAT-003", "LAT-007", "LAT-008", "LAT-011", "LBC-001", "LBP-001", "LBP-002" }, scores.Keys.ToHashSet(StringComparer.Ordinal));
    }

    private sealed record Score(int Found, int False, int Missed)
    {
        public double Precision => Found + False == 0 ? 1 : Found / (double)(Found + False);

        public double Recall => Found + Missed == 0 ? 1 : Found / (double)(Found + Missed);
    }

    private static void Add(SortedDictionary<string, Score> scores, string id, Score more)
    {
        var score = scores.GetValueOrDefault(id, new Score(0, 0, 0));
        scores[id] = new Score(score.Found + more.Found, score.False + more.False, score.Missed + more.Missed);
    }

    private static bool Names(Finding finding, ExpectedFinding expected) =>
        (expected.Client is null || expected.Client == finding["client"] as string)
        && (expected.Source is null || expected.Source == finding["source"] as string)
        && (expected.Nsgs.Count == 0 || expected.Nsgs.Contains(finding["nsg"] as string));

    private static bool IsFalse(Finding finding, LabTruth truth) =>
        !truth.AlsoPossible.Contains(finding.Id) && !truth.ExpectedFindings.Any(e => e.Id == finding.Id && Names(finding, e));
}
