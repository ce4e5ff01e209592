using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Tests.Replay;

/// <summary>Findings about rules, with rules that a person got wrong, and with the right ones beside them.</summary>
public class HygieneFindingTests
{
    [Fact]
    public async Task A_rule_that_earlier_rules_cover_is_shadowed_and_one_that_they_do_not_is_not()
    {
        var findings = await With("nsg-user", n => n
            .WithRule(RuleEdit.Inbound("Dead", 4050, Decision.Allow, "10.10.9.0/24", "*", "443"))
            .WithRule(RuleEdit.Inbound("Alive", 3990, Decision.Allow, "10.10.9.0/24", "10.10.3.0/24", "443")));

        var dead = Assert.Single(findings, f => f.Id == "NSG-002");
        Assert.Equal(("nsg-user/Dead", Severity.Low), (dead.Subject, dead.Severity));
        Assert.Contains("DenyAllOtherInbound (priority 4000)", dead.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_allow_to_any_destination_is_narrowed_to_what_used_it()
    {
        var findings = await With("nsg-user", n => n.Without("AllowClientsToFrontend").WithRule(RuleEdit.Inbound("Wide", 110, Decision.Allow, "10.10.4.0/24", "*", "80")));

        var wide = Assert.Single(findings, f => f.Id == "NSG-003");
        Assert.Equal(("Wide", Severity.Low), (wide["rule"], wide.Severity));
        Assert.Contains("10.10.2.100/32 port 80", wide.Fix!.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.10.3.4", 9100, "10.10.3.0/24 port 9100")]
    [InlineData("10.244.2.20", 8080, "10.244.0.0/16 port 8080")]
    public void A_narrower_rule_names_what_outlives_a_rollout(string destination, int port, string place)
    {
        using var cluster = new Catalogue.EngineCluster();
        cluster.Rules("nsg-user", n => n.WithRule(RuleEdit.Inbound("Wide", 110, Decision.Allow, "10.10.4.0/24", "*")))
            .Arrive("user", $"{Catalogue.EngineCluster.Client}:* -> {destination}:{port}", (0, 5), "UserRule_Wide");

        var wide = Assert.Single(cluster.Check("NSG-003"), f => (string?)f["rule"] == "Wide");

        Assert.Contains($"to {place};", wide.Fix!.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain(destination, wide.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probes_that_a_rule_will_deny_are_found_before_the_first_one_is_denied()
    {
        // The lab's rules let probes in; the export has one more rule, which came into force after the last tuple.
        using var lake = await ReplayLake.Of("healthy-cluster");
        var worse = lake.Exported("nsg-user").Without("AllowAzureLoadBalancer").WithRule(RuleEdit.Inbound("DenyVnet", 105, Decision.Deny, "VirtualNetwork", "*"));

        var findings = EngineCheck.Run(lake.Database, lake.Model.With([worse]), cancellation: TestContext.Current.CancellationToken).Findings;

        var finding = Assert.Single(findings, f => f.Id == "NSG-007");
        Assert.Equal(("nsg-user", "DenyVnet", Severity.Critical), (finding["nsg"], finding["rule"], finding.Severity));
        Assert.Contains("includes 168.63.129.16", finding.Explanation, StringComparison.Ordinal);
        Assert.Contains(findings, f => f.Id == "LBC-004" && (string?)f["nsg"] == "nsg-user");
    }

    [Fact]
    public async Task A_rule_for_probes_with_yesterdays_ports_is_stale()
    {
        var findings = await With("nsg-user", n => n.WithRule(n.Rules.Single(r => r.Name == "AllowAzureLoadBalancer") with { Destination = RuleSide.Of("*", "31049") }), onPaper: true);

        var finding = Assert.Single(findings, f => f.Id == "LBP-006");
        Assert.Equal(("AllowAzureLoadBalancer", 31880L), (finding["rule"], finding["port"]));
        Assert.DoesNotContain(await With("nsg-user", n => n, onPaper: true), f => f.Id == "LBP-006");
    }

    [Fact]
    public async Task A_rule_that_opens_the_node_port_to_clients_aims_at_the_wrong_object()
    {
        var findings = await With("nsg-user", n => n.Without("AllowClientsToFrontend").WithRule(RuleEdit.Inbound("Clients", 110, Decision.Allow, "10.10.4.0/24", "10.10.3.0/24", "31880")));

        Assert.Equal("nsg-user/Clients for ingress/ingress-nginx-controller:80", Assert.Single(findings, f => f.Id == "LBC-013").Subject);
    }

    [Fact]
    public async Task A_foreign_rule_in_the_NSG_of_AKS_is_drift()
    {
        var findings = await With("aks-agentpool-12345678-nsg", n => n.WithRule(RuleEdit.Inbound("Mine", 200, Decision.Allow, "10.10.4.0/24", "10.10.3.0/24", "22")));

        Assert.Equal("aks-agentpool-12345678-nsg/Mine", Assert.Single(findings, f => f.Id == "NSG-008").Subject);
    }

    [Fact]
    public async Task Stock_rules_make_the_whole_network_one_zone_of_trust()
    {
        var findings = await With("nsg-user", n => n with { Rules = [] });

        Assert.Equal("nsg-user", Assert.Single(findings, f => f.Id == "NSG-004").Subject);
    }

    /// <summary>The lab really run with the changed NSG; <paramref name="onPaper"/>: only the export is changed.</summary>
    private static async Task<IReadOnlyList<Finding>> With(string nsg, Func<NetworkSecurityGroup, NetworkSecurityGroup> change, bool onPaper = false)
    {
        var options = new LabOptions { Minutes = 12, ManagedNicNsg = nsg.StartsWith("aks", StringComparison.Ordinal) };
        using var before = await ReplayLake.Of("healthy-cluster", options);
        var changed = change(before.Exported(nsg));
        if (onPaper)
            return EngineCheck.Run(before.Database, before.Model.With([changed]), cancellation: TestContext.Current.CancellationToken).Findings;

        using var after = await ReplayLake.Of("healthy-cluster", options with { Nsgs = [changed] });
        return EngineCheck.Run(after.Database, after.Model, cancellation: TestContext.Current.CancellationToken).Findings;
    }
}
