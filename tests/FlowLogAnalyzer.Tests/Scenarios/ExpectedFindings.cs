using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Tests.Scenarios;

/// <summary>Compares findings with what truth.json says must be found.</summary>
internal static class ExpectedFindings
{
    /// <summary>Shares may differ by so much: three points.</summary>
    private const double Tolerance = 0.03;

    /// <summary>Rules that changed are seen in tuples of connections that were tried again for some seconds more.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(15);

    public static void MustBeAmong(ScenarioRun run, ExpectedFinding expected)
    {
        var told = string.Join("\n", run.Findings.Select(f => $"  {f.Severity} {f.Id} {f.Subject} nsg={f["nsg"]} rule={f["rule"]} port={f["port"]} nodes={string.Join(',', Nodes(f))} observed={f["observedFailureShare"]}"));
        var found = run.Findings.Where(f => f.Id == expected.Id && IsAbout(f, expected)).ToList();
        Assert.True(found.Count > 0, $"No {expected.Id} as {expected}. Found:\n{told}");

        var floor = Enum.Parse<Severity>(expected.SeverityFloor, ignoreCase: true);
        Assert.All(found, f => Assert.True(f.Severity >= floor, $"{f.Id} {f.Subject} is {f.Severity}"));
        Assert.Equal(expected.Nsgs.Order(StringComparer.Ordinal), expected.Nsgs.Count == 0 ? [] : found.Select(f => (string)f["nsg"]!).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(expected.Nodes.Order(StringComparer.Ordinal), expected.Nodes.Count == 0 ? [] : found.SelectMany(f => Actors(f, expected)).Distinct().Order(StringComparer.Ordinal));
        foreach (var finding in found)
            SharesMustFit(run.Truth, expected, finding);

        if (expected.Phase is { } name)
            MustLieIn(run.Truth.Phases.Single(p => p.Name == name), found);
    }

    /// <summary>Of several findings of one id those about this rule, client, source and port.</summary>
    private static bool IsAbout(Finding finding, ExpectedFinding expected) =>
        (expected.Nsgs.Count == 0 || expected.Nsgs.Contains(finding["nsg"] as string))
        && (expected.Rule is null || expected.Rule == finding["rule"] as string)
        && (expected.Client is null || expected.Client == finding["client"] as string)
        && (expected.Source is null || expected.Source == finding["source"] as string)
        && (expected.Port is null || (finding["port"] is long port && port == expected.Port));

    /// <summary>Where somebody acts, the truth names the node that acts; otherwise the nodes that suffer.</summary>
    private static IEnumerable<string> Actors(Finding finding, ExpectedFinding expected) =>
        expected.Source is null ? Nodes(finding) : [(string)finding["sourceNode"]!];

    private static IEnumerable<string> Nodes(Finding finding) => finding["nodes"] is List<object?> nodes ? nodes.Cast<string>() : [];

    private static void SharesMustFit(LabTruth truth, ExpectedFinding expected, Finding finding)
    {
        if (expected.ExpectedShare is not { } model)
            return;

        var observed = Assert.IsType<double>(finding["observedFailureShare"]);
        Assert.InRange(observed, model - Tolerance, model + Tolerance);
        if (finding["expectedFailureShare"] is double modelled)
            Assert.InRange(modelled, model - Tolerance, model + Tolerance);

        if (expected.Client is not { } client)
            return;

        var phase = truth.Phases.Single(p => expected.Phase is null || p.Name == expected.Phase);
        var really = phase.Clients.Single(c => c.Client == client);
        Assert.InRange(observed, really.Share - Tolerance, really.Share + Tolerance);
    }

    private static void MustLieIn(TruthPhase phase, List<Finding> findings) =>
        Assert.All(findings, f =>
        {
            Assert.InRange(f.FirstSeen, phase.Start.UtcDateTime, phase.End.UtcDateTime);
            Assert.InRange(f.LastSeen, phase.Start.UtcDateTime, phase.End.UtcDateTime + Slack);
        });
}
