using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Query.Configuration;
using FlowLogAnalyzer.Tests.Analysis;
using static FlowLogAnalyzer.Tests.Analysis.LakeBuilder;
using Tuple = FlowLogAnalyzer.Tests.Analysis.Tuple;

namespace FlowLogAnalyzer.Tests.Catalogue;

/// <summary>What many cases do to a cluster.</summary>
internal static class CaseTools
{
    public const string Outside = "203.0.113.9";

    public const double Day = 86400;

    /// <summary>A pod of the user node, one in the node's network, and a system pod.</summary>
    public static StoryCluster WithPods(this StoryCluster cluster)
    {
        cluster.Lake.With(InventorySchema.Pods,
            Row(("pod", "shop/api-1"), ("namespace", "shop"), ("ip", StoryCluster.AppPod), ("node", StoryCluster.Node("user")), ("workload", "api"), ("host_network", false)),
            Row(("pod", "kube-system/kube-proxy-user"), ("namespace", "kube-system"), ("ip", StoryCluster.Ip("user")), ("node", StoryCluster.Node("user")), ("workload", "kube-proxy"), ("host_network", true)));
        return cluster;
    }

    /// <summary>A public address, under a service tag's name if there is one.</summary>
    public static StoryCluster WithPublic(this StoryCluster cluster, string ip = Outside, string? name = null)
    {
        cluster.Lake.Address(ip, Row(("kind", "public"), ("name", name)));
        return cluster;
    }

    public static StoryCluster Declare(this StoryCluster cluster, string from, string to, int? port)
    {
        cluster.Lake.With(ConfigurationTables.Dependencies, Row(("source", from), ("destination", to), ("port", port)));
        return cluster;
    }

    /// <summary>Tries from one address to another, one a second, logged where they arrive.</summary>
    public static StoryCluster Arrive(this StoryCluster cluster, string from, string pool, string to, int port, int count, bool deny = false)
    {
        for (var s = 0; s < count; s++)
            cluster.Lake.Add(s, StoryCluster.Mac(pool), $"{from}:{40000 + s} -> {to}:{port}", deny ? StoryCluster.Deny(pool) : StoryCluster.Allow(pool));
        return cluster;
    }

    /// <summary>Tries that leave a pool's node, one a second.</summary>
    public static StoryCluster Leave(this StoryCluster cluster, string pool, string to, int port, int count, Tuple? more = null)
    {
        var tuple = (more ?? new Tuple { Rule = "DefaultRule_AllowInternetOutBound" }) with { Outbound = true, Acl = StoryCluster.Allow(pool).Acl };
        for (var s = 0; s < count; s++)
            cluster.Lake.Add(s, StoryCluster.Mac(pool), $"{StoryCluster.Ip(pool)}:{40000 + s} -> {to}:{port}", tuple);
        return cluster;
    }

    /// <summary>One connection at each of these seconds.</summary>
    public static StoryCluster At(this StoryCluster cluster, IEnumerable<double> seconds, string pool, string flow, Tuple? more = null)
    {
        var port = 40000;
        foreach (var s in seconds)
            cluster.Lake.Add(s, StoryCluster.Mac(pool), flow.Replace(":* ", $":{port++} ", StringComparison.Ordinal), more ?? StoryCluster.Allow(pool));
        return cluster;
    }

    /// <summary>Every so many seconds for some hours, give or take.</summary>
    public static IEnumerable<double> Every(double seconds, double hours, double jitter = 0)
    {
        var random = new Random(7);
        for (var i = 0; i * seconds < hours * 3600; i++)
            yield return (i * seconds) + (seconds * jitter * ((random.NextDouble() * 2) - 1));
    }

    public static Tuple DenyOut(string pool, int protocol = 6) => StoryCluster.Deny(pool, "UserRule_DenyInternet", outbound: true) with { Protocol = protocol };
}
