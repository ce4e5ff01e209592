using FlowLogAnalyzer.Inventory.Timeline;

namespace FlowLogAnalyzer.Inventory;

/// <summary>What an inventory lacks, what that costs, and the command that gets it.</summary>
internal static class InventoryNotes
{
    private static readonly (string Kind, string What, string Cost, string Command)[] Inputs =
    [
        (InventoryKinds.Node, "nodes", "no flow can be tied to a node, a pool or a role for sure; findings LBP-001 to LBP-005, LBC-001, LBC-009 and LAT-001 to LAT-004 stay silent or name addresses only", "kubectl get nodes -o json"),
        (InventoryKinds.Service, "Services", "load-balancer traffic has no service, port or traffic policy; findings LBP-001 to LBP-005 and LBC-001 to LBC-011 stay silent", "kubectl get services -A -o json"),
        (InventoryKinds.EndpointSlice, "EndpointSlices", "second hops cannot be told from lateral movement; findings LBP-002, LBP-003, LBC-001, LBC-007 to LBC-011 and LAT-001 stay silent", "kubectl get endpointslices -A -o json"),
        (InventoryKinds.Pod, "pods", "addresses of pods have no name and no workload; findings LBC-007 and LAT-004 name nodes at best", "kubectl get pods -A -o json"),
        (InventoryKinds.Ingress, "Ingress objects", "client allow lists that source NAT defeats are not found (LBC-006)", "kubectl get ingress,ingressclass -A -o json"),
        (InventoryKinds.Cluster, "AKS cluster", "the kind of pod network, the pod and Service ranges and the shared probe mode are not known (LBC-011)", "az aks show -g GROUP -n CLUSTER -o json"),
        (InventoryKinds.Nsg, "network security groups", "rules can be named from the logs but not read, explained or replayed", "az network nsg list -o json"),
        (InventoryKinds.Subnet, "VNets and subnets", "private addresses have no subnet, and the VirtualNetwork tag cannot be expanded", "az network vnet list -o json"),
        (InventoryKinds.RouteTable, "route tables", "what user-defined routes add to the VirtualNetwork tag is not known", "az network route-table list -o json"),
        (InventoryKinds.LoadBalancer, "load balancers", "probes, frontends and backend pools are derived from the Services, as the cloud provider would set them", "az network lb list -g NODE-RESOURCE-GROUP -o json"),
        (InventoryKinds.Nic, "NICs", "the MAC in a log cannot be tied to a node: which backend received a connection is not known (LBC-001, LBC-010, LAT-001)", "az vmss nic list -g NODE-RESOURCE-GROUP --vmss-name SCALE-SET -o json"),
        (InventoryKinds.FlowLog, "flow-log resources", "it is not known what is logged at all (OBS-001, OBS-002)", "az network watcher flow-log list --location REGION -o json"),
    ];

    public static IReadOnlyList<InventoryNote> Missing(InventoryHistory history, IReadOnlyList<InventoryTable> tables)
    {
        var notes = Inputs.Where(i => !history.Has(i.Kind)).Select(i => new InventoryNote($"No {i.What}: {i.Cost}; run: {i.Command}")).ToList();
        if (NicsWithoutNode(history, tables) is { } note)
            notes.Add(note);

        if (history.Has(InventoryKinds.LoadBalancer) && !history.Has(InventoryKinds.PublicIp)
            && history.LoadBalancers.Any(lb => lb.Entity.Frontends.Any(f => f.PublicIpId is not null && f.PublicIp is null)))
            notes.Add(new InventoryNote("No public IPs: public frontends get their address from the Service's status only; run: az network public-ip list -o json"));

        return notes;
    }

    private static InventoryNote? NicsWithoutNode(InventoryHistory history, IReadOnlyList<InventoryTable> tables)
    {
        if (!history.Has(InventoryKinds.Nic))
            return null;

        var named = tables.First(t => t.Shape == InventorySchema.Nics).Rows.Select(r => r[3] as string).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var lost = history.Nodes.Select(n => n.Entity.Name).Distinct(StringComparer.Ordinal).Where(n => !named.Contains(n)).Order(StringComparer.Ordinal).ToList();
        return lost.Count == 0
            ? null
            : new InventoryNote($"No NIC for {lost.Count} node(s) ({string.Join(", ", lost.Take(5))}): flows that they logged stay without node; run az vmss nic list for every scale set of the cluster.");
    }
}
