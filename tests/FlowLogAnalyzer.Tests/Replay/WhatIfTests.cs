using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Import;
using FlowLogAnalyzer.Query.Configuration;
using FlowLogAnalyzer.Replay;

namespace FlowLogAnalyzer.Tests.Replay;

public class WhatIfTests
{
    [Fact]
    public async Task The_same_rules_change_nothing()
    {
        using var lake = await ReplayLake.Of("healthy-cluster");

        var result = Run(lake, [.. lake.Model.Epoch(0).Nsgs]);

        Assert.True(result.Flows > 1000);
        Assert.Equal((result.Flows, 0, 0, 0), (result.Unchanged, result.AllowedToDenied, result.DeniedToAllowed, result.NotDecided));
        Assert.Empty(result.Flips);
        Assert.Empty(result.Effects);
    }

    [Fact]
    public async Task Taking_the_clients_away_is_told_as_a_share_of_failing_connections()
    {
        using var lake = await ReplayLake.Of("healthy-cluster");

        var result = Run(lake, lake.Exported("nsg-user").Without("AllowClientsToFrontend"), lake.Exported("nsg-system").Without("AllowClientsToFrontend"));

        Assert.Equal(0, result.RequiredDenied);
        Assert.All(result.Flips, f => Assert.Equal((Decision.Deny, "ingress/ingress-nginx-controller", 80, "DenyAllOtherInbound"), (f.To, f.Service, f.Port, f.NewRule.Split('/')[1])));
        Assert.Equal(result.AllowedToDenied, lake.Truth.Phases[0].Clients.Sum(c => c.Nodes.Where(n => !n.Node.Contains("ingress", StringComparison.Ordinal)).Sum(n => n.Connections)));
        Assert.Contains(result.Effects, e => e.Contains("two thirds of the new connections of 10.10.4.4", StringComparison.Ordinal));
        Assert.Equal((0, result.AllowedToDenied), (result.ExpectedDenied, Run(lake, new ExpectedClients("*", ["10.10.4.0/24"]), lake.Exported("nsg-user").Without("AllowClientsToFrontend"), lake.Exported("nsg-system").Without("AllowClientsToFrontend")).ExpectedDenied));
    }

    [Fact]
    public async Task Probes_that_would_be_denied_are_marked_and_take_nodes_out_of_rotation()
    {
        using var lake = await ReplayLake.Of("healthy-cluster");

        var result = Run(lake, lake.Exported("nsg-user").Without("AllowAzureLoadBalancer").WithRule(RuleEdit.Inbound("DenyVnet", 105, Decision.Deny, "VirtualNetwork", "*", "31880")));

        var probes = Assert.Single(result.Flips);
        Assert.Equal(("health probe of the load balancer", probes.Flows, "nsg-user/DenyVnet"), (probes.Required, result.RequiredDenied, probes.NewRule));
        var effect = Assert.Single(result.Effects);
        Assert.StartsWith("aks-user-12345678-vmss000000 leaves rotation for ingress/ingress-nginx-controller:80: nsg-user/DenyVnet denies the load balancer's probe", effect, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_that_open_more_list_what_was_refused_before()
    {
        using var lake = await ReplayLake.Of("client-denied");

        var result = Run(lake, lake.Exported("nsg-user").WithRule(RuleEdit.Inbound("Open", 200, Decision.Allow, "10.10.4.0/24", "10.10.2.100/32", "80")));

        var flip = Assert.Single(result.Flips);
        Assert.Equal((Decision.Deny, Decision.Allow, result.DeniedToAllowed, "nsg-user/Open"), (flip.From, flip.To, flip.Flows, flip.NewRule));
        Assert.Equal(flip.Flows, lake.Truth.Phases[0].Clients.Single().Nodes.Single(n => n.Node.Contains("user", StringComparison.Ordinal)).Failed);
    }

    [Fact]
    public async Task An_NSG_that_nobody_has_is_named_and_changes_nothing()
    {
        using var lake = await ReplayLake.Of("healthy-cluster");

        var result = Run(lake, new NetworkSecurityGroup { Name = "nsg-elsewhere" });

        Assert.Empty(result.Flips);
        Assert.Contains("nsg-elsewhere", Assert.Single(result.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tag_that_nobody_explains_is_not_guessed()
    {
        using var lake = await ReplayLake.Of("healthy-cluster");

        var result = Run(lake, lake.Exported("nsg-user").WithRule(RuleEdit.Inbound("Tag", 101, Decision.Deny, "Storage.WestEurope", "*")));

        Assert.True(result.NotDecided > 0);
        Assert.All(result.Flips, f => Assert.Equal((Decision.Unknown, "undecided"), (f.To, f.NewRule)));
        Assert.Equal((0, 0), (result.AllowedToDenied, result.DeniedToAllowed));
    }

    private static WhatIfResult Run(ReplayLake lake, ExpectedClients expected, params NetworkSecurityGroup[] proposed) =>
        WhatIf.Run(lake.Database, lake.Model, new NsgImport { Nsgs = proposed }, new FlowLogConfiguration { ExpectedClients = [expected] }, TestContext.Current.CancellationToken);

    private static WhatIfResult Run(ReplayLake lake, params NetworkSecurityGroup[] proposed) =>
        WhatIf.Run(lake.Database, lake.Model, new NsgImport { Nsgs = proposed }, cancellation: TestContext.Current.CancellationToken);
}
