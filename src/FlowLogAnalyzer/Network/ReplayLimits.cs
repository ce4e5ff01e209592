namespace FlowLogAnalyzer.Network;

/// <summary>What no replay of flow logs can show; goes with every what-if.</summary>
internal static class ReplayLimits
{
    public static IReadOnlyList<string> Of(long notDecided)
    {
        var limits = new List<string>
        {
            "A rule that allows more may admit traffic that nobody has tried so far: only recorded flows were replayed.",
            "A denied flow says nothing about whether the application would have answered.",
            "The load balancer reacts to its probes, so other nodes would have got the connections: the effects on rotation and failure shares are worked out by a model, not by replay.",
            "ICMP, and traffic between pods of one node, is in no flow log.",
            "NSG flow logs show an allowed flow at one NSG only: without the logs of both levels some flows are missing.",
            "What service tags stand for is worked out from the exported network unless an effective-rules export was given; the pod CIDR of CNI Overlay is assumed to be in VirtualNetwork.",
        };
        if (notDecided > 0)
            limits.Insert(0, $"{notDecided} flows could not be replayed, because the exported rules do not decide them as logged or a name is not known: flowlog replay --current says why.");
        return limits;
    }
}
