using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Replay;

namespace FlowLogAnalyzer.Tests.Replay;

/// <summary>The self-check with rules that are not those that decided: it must complain, and say why.</summary>
public class StaleExportTests
{
    [Fact]
    public async Task A_rule_that_the_export_lacks_is_named()
    {
        using var lake = await ReplayLake.Of("healthy-cluster");

        var result = Check(lake, lake.Exported("nsg-user").Without("AllowClientsToFrontend"));

        var group = Assert.Single(result.Groups);
        Assert.Equal((ReplayOutcome.RuleMissing, "nsg-user", "UserRule_AllowClientsToFrontend", Decision.Allow, Decision.Deny), (group.Outcome, group.Nsg, group.Rule, group.Logged, group.Decided));
        Assert.Equal((result.Differed, result.Flows), (group.Flows, result.Agreed + result.Differed));
        Assert.InRange(result.Agreement!.Value, 0.5, 0.999);
    }

    [Fact]
    public async Task Rules_that_were_changed_some_time_before_their_export_are_told_from_others()
    {
        using var lake = await ReplayLake.Of("story", new LabOptions { Minutes = 36 });
        var late = ClusterInventory.Build(Late(lake).Where(d => d.Kind != InventoryKinds.Activity));

        var result = SelfCheck.Run(lake.Database, new NetworkModel(late), TestContext.Current.CancellationToken);

        Assert.All(result.Groups, g => Assert.Equal(ReplayOutcome.RuleChanged, g.Outcome));
        Assert.Equal(["nsg-ingress", "nsg-system", "nsg-user"], result.Groups.Select(g => g.Nsg).Distinct().Order());
    }

    [Fact]
    public async Task The_Activity_Log_says_when_rules_were_changed_that_were_exported_later()
    {
        using var lake = await ReplayLake.Of("story", new LabOptions { Minutes = 36 });
        var model = new NetworkModel(ClusterInventory.Build(Late(lake)));

        var result = SelfCheck.Run(lake.Database, model, TestContext.Current.CancellationToken);

        Assert.Equal(lake.Truth.Phases.Skip(1).Select(p => p.Start.UtcDateTime), model.Boundaries.Take(2));
        Assert.Empty(result.Groups.Select(g => $"{g.Flows} x {g.Outcome}: {g.Example}: {g.Explanation}"));
    }

    [Fact]
    public async Task A_rule_of_the_same_name_that_decides_otherwise_is_a_difference()
    {
        using var lake = await ReplayLake.Of("healthy-cluster");
        var rule = lake.Exported("nsg-user").Rules.Single(r => r.Name == "AllowAzureLoadBalancer");

        var group = Assert.Single(Check(lake, lake.Exported("nsg-user").WithRule(rule with { Destination = RuleSide.Of("*", "1-2") })).Groups);

        Assert.Equal((ReplayOutcome.Differs, "nsg-user/DenyAllOtherInbound"), (group.Outcome, group.DecidedBy));
        Assert.Contains("stale", group.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_tag_before_the_rule_that_decided_is_not_called_a_difference()
    {
        using var lake = await ReplayLake.Of("healthy-cluster");

        var result = Check(lake, lake.Exported("nsg-user").WithRule(RuleEdit.Inbound("Tag", 101, Decision.Deny, "Storage.WestEurope", "*")));

        Assert.Equal(1.0, result.Agreement);
        Assert.True(result.NotDecided > 0);
        Assert.All(result.Groups, g => Assert.Equal(ReplayOutcome.NameUnknown, g.Outcome));
        Assert.Contains("Storage.WestEurope", result.Groups[0].Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Which_change_broke_it_is_in_the_evidence()
    {
        using var lake = await ReplayLake.Of("story", new LabOptions { Minutes = 36 });

        var findings = EngineCheck.Run(lake.Database, lake.Model, cancellation: TestContext.Current.CancellationToken).Findings;

        // State 1 was there from the beginning. In state 2 the clients are refused as they were before, only now it counts.
        Assert.Null(findings.First(f => f.Id == "LBP-002")["change"]);
        Assert.Null(findings.First(f => f.Id == "LBC-001")["change"]);
        Assert.Contains(findings, f => f.Id == "LAT-009" && f.Severity == Severity.Info && f.Explanation.Contains("rule AllowNodesToIngressPods (priority 120, Allow) added", StringComparison.Ordinal)
            && f.Explanation.Contains("anna@shop.example at 20.50.88.17 wrote rule AllowNodesToIngressPods of nsg-ingress at 2026-11-16T09:12:00Z", StringComparison.Ordinal) && (string?)f["changedBy"] == "anna@shop.example");
    }

    /// <summary>The second and third export, taken two minutes after the changes that they show.</summary>
    private static IEnumerable<InventoryDocument> Late(ReplayLake lake) => lake.Documents.Select(d => d.AsOf > lake.Truth.Start.UtcDateTime ? d with { AsOf = d.AsOf.AddMinutes(2) } : d);

    private static SelfCheckResult Check(ReplayLake lake, params NetworkSecurityGroup[] instead) => SelfCheck.Run(lake.Database, lake.Model.With(instead), TestContext.Current.CancellationToken);
}
