using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Configuration;

namespace FlowLogAnalyzer.Tests.Replay;

public class FixTests
{
    private static readonly LabOptions Options = new() { Minutes = 12 };

    /// <summary>Every outage that rules cause and rules can repair.</summary>
    [Theory]
    [InlineData("second-hop-denied", LabCni.Kubenet, false)]
    [InlineData("client-denied", LabCni.Kubenet, false)]
    [InlineData("probe-denied", LabCni.Kubenet, false)]
    [InlineData("ingress-flapping", LabCni.Kubenet, false)]
    [InlineData("shared-probe-mask", LabCni.Kubenet, false)]
    [InlineData("client-denied-at-ingress", LabCni.Kubenet, false)]
    [InlineData("app-hop-denied", LabCni.Kubenet, false)]
    [InlineData("second-hop-denied", LabCni.NodeSubnet, true)]
    [InlineData("ingress-flapping", LabCni.Overlay, true)]
    [InlineData("app-hop-denied", LabCni.NodeSubnet, false)]
    public async Task The_bundle_makes_a_new_run_of_the_same_outage_clean(string scenario, LabCni cni, bool managedNicNsg)
    {
        var options = Options with { Cni = cni, ManagedNicNsg = managedNicNsg };
        using var broken = await ReplayLake.Of(scenario, options);
        var bundles = new FixPlanner(broken.Database, broken.Model).Plan(Findings(broken));

        Assert.NotEmpty(bundles);
        Assert.All(bundles, b => Assert.NotEmpty(b.Steps));
        Assert.All(bundles, b => Assert.Empty(b.ByHand));
        Assert.All(bundles, b => Assert.Equal(0, b.ShareAfter));
        Assert.True(bundles.Sum(b => b.Proof.Repaired) > 0);
        Assert.All(bundles, b => Assert.Equal(0, b.Proof.StillDenied));

        var nsgs = FixBundle.Apply(bundles.SelectMany(b => b.Steps));
        using var repaired = await ReplayLake.Of(scenario, options with { Nsgs = nsgs });

        Assert.Contains(Findings(broken), f => f.Severity > Severity.Info);
        Assert.Empty(Findings(repaired).Where(f => f.Severity > Severity.Info).Select(f => $"{f.Id} {f.Subject}"));
        Assert.All(repaired.Truth.Phases.SelectMany(p => p.Clients), c => Assert.Equal((0, 0), (c.Failed, c.AppFailures)));
        Assert.True(repaired.Truth.Phases.Sum(p => p.Clients.Sum(c => c.Connections)) > 100);
    }

    [Fact]
    public async Task After_the_first_outage_the_bundle_says_that_the_probe_rule_alone_would_fail_two_thirds()
    {
        using var lake = await ReplayLake.Of("story", new LabOptions { Minutes = 36 }, phase: 0);

        var bundle = Assert.Single(new FixPlanner(lake.Database, lake.Model).Plan(Findings(lake)));

        Assert.Equal((0.0, 0.0), (bundle.ShareBefore, bundle.ShareAfter));
        Assert.Equal("stays at 0.0 %", bundle.ShareChange);
        Assert.Equal(["nsg-ingress", "nsg-system", "nsg-user"], bundle.Steps.Select(s => s.Nsg.Name).Order());
        var hop = bundle.Steps[^1];
        Assert.Equal((NeedKind.SecondHop, "nsg-ingress", true), (hop.Kind, hop.Nsg.Name, hop.IsUnsafeAlone));
        Assert.Equal(2.0 / 3, hop.ShareAlone!.Value, 6);
        Assert.All(bundle.Steps.SkipLast(1), s => Assert.Equal((NeedKind.Client, 0.0, false), (s.Kind, s.ShareAlone!.Value, s.IsUnsafeAlone)));
        Assert.Contains("from 0.0 % to 66.7 %", Assert.Single(bundle.UnsafeOrder), StringComparison.Ordinal);
        Assert.Contains("from none to two thirds", bundle.UnsafeOrder[0], StringComparison.Ordinal);
        Assert.NotNull(bundle.Support);
    }

    [Fact]
    public async Task The_step_that_was_called_unsafe_does_raise_the_failures_of_a_new_run_to_two_thirds()
    {
        using var lake = await ReplayLake.Of("second-hop-denied", Options);
        var bundle = Assert.Single(new FixPlanner(lake.Database, lake.Model).Plan(Findings(lake)));

        var shares = new Dictionary<string, double>();
        foreach (var step in bundle.Steps)
        {
            using var alone = await ReplayLake.Of("second-hop-denied", Options with { Nsgs = FixBundle.Apply([step]) });
            shares[step.Name] = alone.Truth.Phases[0].Clients.Single().SteadyShare;
            Assert.Equal(step.ShareAlone!.Value, shares[step.Name], 0.06);
        }

        Assert.Contains(shares.Values, s => s > 0.6);
        Assert.Contains(shares.Values, s => s == 0);
    }

    [Fact]
    public async Task Rules_name_the_frontend_and_the_resolved_pods_and_stand_before_what_denies()
    {
        using var lake = await ReplayLake.Of("second-hop-denied", Options);

        var steps = Assert.Single(new FixPlanner(lake.Database, lake.Model).Plan(Findings(lake))).Steps;

        var client = steps.Single(s => s.Nsg.Name == "nsg-user").Rule;
        Assert.Equal(("10.10.4.0/24", "10.10.2.100/32", "80", 3990), (client.Source.Prefixes.ToString(), client.Destination.Prefixes.ToString(), client.Destination.Ports.ToString(), client.Priority));
        var hop = steps.Single(s => s.Nsg.Name == "nsg-ingress").Rule;
        Assert.Equal(("10.10.1.0/24,10.10.2.0/24,10.10.3.0/24", "10.244.0.0/16", "80"), (hop.Source.Prefixes.ToString(), hop.Destination.Prefixes.ToString(), hop.Destination.Ports.ToString()));
        Assert.All(steps, s => Assert.Equal(["DenyAllOtherInbound"], s.Against.Select(a => a.Split('/')[1]).Distinct()));
    }

    [Fact]
    public async Task Check_carries_the_fix_in_the_names_of_the_contract()
    {
        using var lake = await ReplayLake.Of("client-denied", Options);

        var result = EngineCheck.Run(lake.Database, lake.Model, cancellation: TestContext.Current.CancellationToken);

        var finding = result.Findings.First(f => f.Id == "LBC-001");
        var proof = finding.Fix!.Proof!;
        Assert.Equal((finding.Count, 0L), (proof.Repaired, proof.StillDenied));
        Assert.Empty(proof.AlsoAdmitted);
        Assert.Equal(2, finding.Fix.Az.Count);
        Assert.All(finding.Fix.Az, az => Assert.StartsWith("az network nsg rule create", az, StringComparison.Ordinal));
        Assert.Contains("resource nsg_user", finding.Fix.Bicep, StringComparison.Ordinal);
        Assert.Contains("azurerm_network_security_rule", finding.Fix.Terraform, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repair_in_parts_is_a_finding_of_its_own()
    {
        using var lake = await ReplayLake.Of("second-hop-denied", Options);

        var finding = Assert.Single(EngineCheck.Run(lake.Database, lake.Model, new CheckOptions { Only = ["LBC-005"] }, TestContext.Current.CancellationToken).Findings);

        Assert.Equal(("LBC-005", Severity.Info), (finding.Id, finding.Severity));
        using var rows = lake.Database.Query((string)finding["sql"]!);
        Assert.Equal(finding.Count, rows.Read().LongCount());
    }

    [Fact]
    public async Task Clients_that_flowlog_json_expects_get_a_rule_for_their_range_and_others_get_none()
    {
        using var lake = await ReplayLake.Of("client-denied", Options);
        FixBundle Bundle(string range) => Assert.Single(new FixPlanner(lake.Database, lake.Model, new FlowLogConfiguration { ExpectedClients = [new ExpectedClients("ingress/ingress-nginx-controller", [range])] }).Plan(Findings(lake)));

        var (expected, stranger) = (Bundle("10.10.4.0/23"), Bundle("10.99.0.0/24"));

        Assert.All(expected.Steps, s => Assert.Equal("10.10.4.0/23", s.Rule.Source.Prefixes.ToString()));
        Assert.Empty(expected.ByHand);
        Assert.Empty(stranger.Steps);
        Assert.Contains("10.10.4.4 called ingress/ingress-nginx-controller, but is in none of the ranges", Assert.Single(stranger.ByHand), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Service_gets_its_bundle_before_anything_is_refused_and_a_proof_when_something_was()
    {
        const string Service = "ingress/ingress-nginx-controller";
        using var healthy = await ReplayLake.Of("healthy-cluster", Options);
        using var broken = await ReplayLake.Of("client-denied", Options);
        var onPaper = healthy.Model.With([healthy.Exported("nsg-user").Without("AllowClientsToFrontend")]);

        var (well, latent, refused) = (new FixPlanner(healthy.Database, healthy.Model).PlanFor(Service), new FixPlanner(healthy.Database, onPaper).PlanFor(Service), new FixPlanner(broken.Database, broken.Model).PlanFor(Service));

        Assert.Empty(well!.Steps);
        Assert.Equal(("nsg-user", 0L, 0L), (Assert.Single(latent!.Steps).Nsg.Name, latent.Proof.Repaired, latent.Proof.StillDenied));
        Assert.Equal(["nsg-system", "nsg-user"], refused!.Steps.Select(s => s.Nsg.Name).Order());
        Assert.True(refused.Proof.Repaired > 100);
        Assert.Equal((0, 0), (refused.Proof.StillDenied, refused.Proof.AlsoAdmitted.Count));
        Assert.Null(new FixPlanner(healthy.Database, healthy.Model).PlanFor("shop/api"));
    }

    [Fact]
    public async Task What_somebody_decided_to_live_with_is_not_repaired()
    {
        using var lake = await ReplayLake.Of("client-denied", Options);
        var suppression = new Suppression("LBC-001", "*", "the client is being retired", DateTime.MaxValue);

        Assert.Empty(new FixPlanner(lake.Database, lake.Model).Plan([.. Findings(lake).Select(f => f with { Suppressed = suppression })]));
    }

    private static IReadOnlyList<Finding> Findings(ReplayLake lake) => FindingRunner.Run(lake.Database, cancellation: TestContext.Current.CancellationToken).Findings;
}
