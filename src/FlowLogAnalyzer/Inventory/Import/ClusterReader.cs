using System.Text.Json;
using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary><c>az aks show</c> or <c>list</c>.</summary>
internal static class ClusterReader
{
    public static ClusterEntity Read(JsonElement item)
    {
        var network = item.Get("networkProfile");
        return new ClusterEntity
        {
            NetworkPlugin = network.Text("networkPlugin"),
            NetworkPluginMode = network.Text("networkPluginMode"),
            Dataplane = network.Text("networkDataplane"),
            PodCidrs = network.Prefixes("podCidr", "podCidrs"),
            ServiceCidrs = network.Prefixes("serviceCidr", "serviceCidrs"),
            OutboundType = network.Text("outboundType"),
            ProbeMode = network.Text("loadBalancerProfile.clusterServiceLoadBalancerHealthProbeMode"),
            NodeResourceGroup = item.Text("nodeResourceGroup"),
            Fqdn = item.Text("fqdn"),
            PrivateFqdn = item.Text("privateFqdn"),
            ApiServerSubnetId = item.ArmId("apiServerAccessProfile.subnetId"),
            Pools =
            [
                .. item.Items("agentPoolProfiles")
                    .Select(p => new AgentPool(p.Text("name") ?? "", p.Text("mode"), p.ArmId("vnetSubnetId"), p.ArmId("podSubnetId")))
                    .OrderBy(p => p.Name, StringComparer.Ordinal),
            ],
        };
    }
}
