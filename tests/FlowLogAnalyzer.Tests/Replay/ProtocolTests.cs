using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Tests.Replay.Catalogue;

namespace FlowLogAnalyzer.Tests.Replay;

/// <summary>A Service of DNS behind the load balancer: what UDP needs is found and repaired as UDP, and TCP on the same port is another matter.</summary>
public class ProtocolTests
{
    private const string Service = "ingress-nginx-controller";
    private const string Client = EngineCluster.Client;

    [Fact]
    public void A_UDP_Service_is_found_and_repaired_as_UDP()
    {
        using var cluster = Dns(IpProtocols.Udp);
        Ask(cluster, IpProtocols.Udp, refusedAtUser: true);

        var finding = Assert.Single(cluster.Check("LBC-001"));

        Assert.Equal($"{EngineCluster.Service}:53/udp from {Client}", finding.Subject);
        Assert.Contains("UDP port 53", finding.Fix!.Summary, StringComparison.Ordinal);
        Assert.NotEmpty(finding.Fix.Az);
        Assert.All(finding.Fix.Az.Where(a => a.Contains("Clients", StringComparison.Ordinal)), az => Assert.Contains("--protocol Udp", az, StringComparison.Ordinal));
        Assert.Equal((finding.Count, 0), (finding.Fix.Proof!.Repaired, finding.Fix.Proof.StillDenied));
    }

    [Fact]
    public void Of_a_Service_with_both_protocols_only_the_refused_one_is_found_and_its_share_is_its_own()
    {
        using var cluster = Dns(IpProtocols.Udp, IpProtocols.Tcp)
            .Rules("nsg-user", n => n.WithRule(AllowDns with { Protocol = RuleProtocol.Tcp }));
        Ask(cluster, IpProtocols.Udp, refusedAtUser: true);
        Ask(cluster, IpProtocols.Tcp, refusedAtUser: false);

        var finding = Assert.Single(cluster.Check("LBC-001"));

        Assert.Equal($"{EngineCluster.Service}:53/udp from {Client}", finding.Subject);
        Assert.Equal((60L, 20L), (finding["connections"], finding["refusedConnections"]));
        Assert.DoesNotContain(finding.Fix!.Az, a => a.Contains("Clients", StringComparison.Ordinal) && !a.Contains("--protocol Udp", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_both_are_refused_each_is_a_finding_and_the_bundle_has_a_rule_for_each()
    {
        using var cluster = Dns(IpProtocols.Udp, IpProtocols.Tcp);
        Ask(cluster, IpProtocols.Udp, refusedAtUser: true);
        Ask(cluster, IpProtocols.Tcp, refusedAtUser: true);

        var findings = cluster.Check("LBC-001");

        Assert.Equal([$"{EngineCluster.Service}:53 from {Client}", $"{EngineCluster.Service}:53/udp from {Client}"], findings.Select(f => f.Subject));
        var rules = findings[0].Fix!.Az.Where(a => a.Contains("nsg-user", StringComparison.Ordinal) && a.Contains("Clients", StringComparison.Ordinal)).ToList();
        Assert.Equal(["Tcp", "Udp"], rules.Select(r => Option(r, "--protocol")).Order(StringComparer.Ordinal));
        Assert.Equal(2, rules.Select(r => Option(r, "--priority")).Distinct().Count());
        Assert.Equal(2, rules.Select(r => Option(r, "--name")).Distinct().Count());
        Assert.All(findings, f => Assert.Equal((f.Count, 0), (f.Fix!.Proof!.Repaired, f.Fix.Proof.StillDenied)));
    }

    [Fact]
    public void Where_both_are_admitted_nothing_is_found()
    {
        using var cluster = Dns(IpProtocols.Udp, IpProtocols.Tcp);
        Ask(cluster, IpProtocols.Udp, refusedAtUser: false);
        Ask(cluster, IpProtocols.Tcp, refusedAtUser: false);

        Assert.Empty(cluster.Check("LBC-001"));
    }

    [Fact]
    public void UDP_that_is_refused_at_the_port_of_a_TCP_Service_is_nobodys_outage()
    {
        using var cluster = Dns(IpProtocols.Tcp);
        Ask(cluster, IpProtocols.Udp, refusedAtUser: true);
        Ask(cluster, IpProtocols.Tcp, refusedAtUser: false);

        Assert.Empty(cluster.Check("LBC-001"));
    }

    [Fact]
    public void A_path_is_one_port_with_one_protocol()
    {
        using var cluster = Dns(IpProtocols.Udp, IpProtocols.Tcp);
        var inventory = cluster.Model().Inventory;

        var paths = ServicePath.All(inventory, FlowLogAnalyzer.Tests.Analysis.LakeBuilder.Start).Where(p => p.Service == EngineCluster.Service).ToList();

        Assert.Equal([$"{EngineCluster.Service}:53", $"{EngineCluster.Service}:53/udp"], paths.Select(p => p.Name));
        Assert.Equal([30053, 30054], paths.Select(p => p.NodePort));
        Assert.All(paths, p => Assert.Equal([p.Protocol == IpProtocols.Udp ? 5354 : 5353], p.Endpoints.Select(e => e.TargetPort).Distinct()));
    }

    private static NsgRule AllowDns { get; } = RuleEdit.Inbound("AllowDns", 111, Decision.Allow, "10.10.4.0/24", $"{EngineCluster.Frontend}/32", "53");

    /// <summary>The ingress Service with port 53 only, by the protocols given; the ingress and system NSGs admit its clients.</summary>
    private static EngineCluster Dns(params byte[] protocols)
    {
        static int Target(byte protocol) => protocol == IpProtocols.Udp ? 5354 : 5353;
        var cluster = new EngineCluster().Without(InventoryKinds.LoadBalancer)
            .Change<ServiceEntity>(InventoryKinds.Service, Service, s => s with
            {
                LoadBalancerIps = [EngineCluster.Frontend],
                Ports = [.. protocols.Select(p => new ServicePort($"dns-{p}", p, 53, Target(p) + 24700, null))],
            })
            .Change<EndpointSliceEntity>(InventoryKinds.EndpointSlice, null, s => s.ServiceName == Service
                ? s with { Ports = [.. protocols.Select(p => new EndpointPort($"dns-{p}", p, Target(p)))] }
                : s);
        foreach (var role in new[] { "ingress", "system" })
            cluster.Rules($"nsg-{role}", n => n.WithRule(AllowDns));
        return cluster;
    }

    private static void Ask(EngineCluster cluster, byte protocol, bool refusedAtUser)
    {
        foreach (var role in new[] { "ingress", "system", "user" })
        {
            var deny = refusedAtUser && role == "user";
            cluster.Arrive(role, $"{Client}:* -> {EngineCluster.Frontend}:53", (0, 20), deny ? "UserRule_DenyAllOtherInbound" : "UserRule_AllowDns", deny, protocol: protocol);
        }
    }

    private static string Option(string az, string name)
    {
        var words = az.Split([' ', '\n', '\\'], StringSplitOptions.RemoveEmptyEntries);
        return words[Array.IndexOf(words, name) + 1];
    }
}
