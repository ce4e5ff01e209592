using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Query;
using static FlowLogAnalyzer.Tests.Replay.Catalogue.EngineCase;

namespace FlowLogAnalyzer.Tests.Replay.Catalogue;

/// <summary>Refused first and let in later.</summary>
internal static class ChangedRuleCases
{
    private const string Suspect = "10.10.3.4";

    public static IReadOnlyList<EngineCase> All { get; } =
    [
        Hit("LAT-009", "a port that two hosts refuse is open at a third", Severity.High, c => Ssh(c, "system").Arrive("ingress", $"{Suspect}:* -> {EngineCluster.Ip("ingress")}:22", (60, 1), "UserRule_AllowSsh")),
        Hit("LAT-009", "two exports show the rule that let it in", Severity.Info, c => Refused(c).RulesFrom(100, "nsg-user", Allowing).Clients("user", (200, 3))),
        Hit("LAT-009", "the Activity Log names who wrote the rule that let it in", Severity.Info, c => Refused(c).Wrote(100, "nsg-user", "AllowClientsToFrontend", "anna@shop.example").Clients("user", (200, 3))),
        Miss("LAT-009", "refused twice only", c => c.Arrive("system", $"{Suspect}:* -> {EngineCluster.Ip("system")}:22", (0, 1), "UserRule_DenyAllOtherInbound", deny: true)
            .Arrive("system", $"{Suspect}:* -> 10.244.0.9:22", (10, 1), "UserRule_DenyAllOtherInbound", deny: true)
            .Arrive("ingress", $"{Suspect}:* -> {EngineCluster.Ip("ingress")}:22", (60, 1), "UserRule_AllowSsh")),
        Miss("LAT-009", "the third host let it in before the others refused", c => Ssh(c.Arrive("ingress", $"{Suspect}:* -> {EngineCluster.Ip("ingress")}:22", (0, 1), "UserRule_AllowSsh"), "system")),
        Miss("LAT-009", "the third host's rules were changed in between", c => Ssh(c, "system").Wrote(50, "nsg-ingress", "AllowSsh", "anna@shop.example").Arrive("ingress", $"{Suspect}:* -> {EngineCluster.Ip("ingress")}:22", (60, 1), "UserRule_AllowSsh")),
        Miss("LAT-009", "the load balancer's probe, refused at two nodes and let in at a third", c => Ssh(c, "system", "168.63.129.16").Arrive("ingress", $"168.63.129.16:* -> {EngineCluster.Ip("ingress")}:22", (60, 1), "UserRule_AllowSsh")),
        Miss("LAT-009", "let in two days later", c => Refused(c).RulesFrom(100, "nsg-user", Allowing).Clients("user", (200_000, 3))),
    ];

    private static NetworkSecurityGroup Allowing(NetworkSecurityGroup nsg) => nsg.WithRule(RuleEdit.Inbound("AllowClientsToFrontend", 110, Decision.Allow, "10.10.4.0/24", $"{EngineCluster.Frontend}/32", "80"));

    private static EngineCluster Refused(EngineCluster cluster) => cluster.Rules("nsg-user", n => n.Without("AllowClientsToFrontend")).Clients("user", (0, 4), deny: true).Arrive("user", $"{EngineCluster.Client}:39999 -> {EngineCluster.Frontend}:80", (10, 1), "UserRule_DenyAllOtherInbound", deny: true);

    /// <summary>SSH is refused at two addresses behind a node.</summary>
    private static EngineCluster Ssh(EngineCluster cluster, string role, string source = Suspect) => cluster
        .Arrive(role, $"{source}:* -> {EngineCluster.Ip(role)}:22", (10, 2), "UserRule_DenyAllOtherInbound", deny: true)
        .Arrive(role, $"{source}:* -> 10.244.0.9:22", (20, 2), "UserRule_DenyAllOtherInbound", deny: true);
}
