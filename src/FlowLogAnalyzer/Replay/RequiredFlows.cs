using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;

namespace FlowLogAnalyzer.Replay;

/// <summary>
/// Flows without which an AKS cluster does not work or is not supported: probes, node and pod traffic inside the cluster, DNS,
/// the API server, and the services that nodes need outside (Azure docs, concepts-network, outbound-rules-control-egress and
/// load-balancer-custom-probe-overview).
/// </summary>
internal sealed class RequiredFlows(NetworkModel model, FlowNames names)
{
    private static readonly string[] EgressTags =
        ["MicrosoftContainerRegistry", "AzureFrontDoor.FirstParty", "AzureActiveDirectory", "AzureResourceManager", "AzureMonitor", "AzureCloud"];

    private static readonly string[] Inside = [AddressKinds.Node, AddressKinds.Pod, AddressKinds.PodUnknown];

    private readonly Dictionary<int, HashSet<int>> _probePorts = [];

    /// <summary>Why AKS needs the flow; null when it does not.</summary>
    public string? Reason(FlowClass flow, NicPlace nic)
    {
        var (source, destination) = (names.Facts(flow.Flow.Source, flow.FirstSeen).Kind, names.Facts(flow.Flow.Destination, flow.FirstSeen).Kind);
        var port = flow.Flow.DestinationPort;
        if (flow.Flow.Direction == Direction.Inbound && source == AddressKinds.Platform && nic.Node is not null)
            return ProbePorts(flow.Epoch).Contains(port) ? "health probe of the load balancer" : null;
        if (destination == AddressKinds.ApiServer && port is 443 or 4443 or 9000 or 1194)
            return "API server";
        if (Inside.Contains(source) && Inside.Contains(destination))
            return port switch
            {
                53 => "cluster DNS",
                10250 => "kubelet",
                _ when source == AddressKinds.Node && destination == AddressKinds.Node => "node to node",
                _ when source == AddressKinds.Node => "node to pod",
                _ when destination == AddressKinds.Node => "pod to node",
                _ => "pod to pod",
            };

        return flow.Flow.Direction == Direction.Outbound && Inside.Contains(source) && destination == AddressKinds.Public ? Egress(flow, nic) : null;
    }

    private string? Egress(FlowClass flow, NicPlace nic)
    {
        if (flow.Flow.Protocol != IpProtocols.Tcp || flow.Flow.DestinationPort != 443)
            return null;

        var scope = model.Epoch(flow.Epoch).EvaluatorOf(nic).Scope;
        return EgressTags.FirstOrDefault(t => scope.Expand(t)?.Addresses.Contains(flow.Flow.Destination) == true) is { } tag ? $"required egress to {tag}" : null;
    }

    private HashSet<int> ProbePorts(int epoch)
    {
        if (!_probePorts.TryGetValue(epoch, out var ports))
        {
            var state = model.Epoch(epoch);
            _probePorts[epoch] = ports = [.. model.Inventory.During(InventorySchema.Probes, state.From, state.To).Select(p => p.Number("probe_port") ?? 0)];
        }

        return ports;
    }
}
