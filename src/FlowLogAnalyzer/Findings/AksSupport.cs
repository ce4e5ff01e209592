namespace FlowLogAnalyzer.Findings;

/// <summary>What AKS supports of rules inside a cluster.</summary>
internal static class AksSupport
{
    public const string Text =
        "AKS does not support blocking traffic inside the cluster with NSGs: the documented minimum is node subnets to node subnets, node subnets to pod CIDR and pod CIDR to pod CIDR on all ports "
        + "(Azure docs, concepts-network and outbound-rules-control-egress). These rules repair what was seen; what is blocked beyond that is at your own risk.";
}
