using System.Text.Json.Nodes;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Exports;

/// <summary><c>az network nsg list</c>.</summary>
internal static class NsgExport
{
    private static readonly (string Name, int Priority, string Direction, string Access, string Source, string Destination, string Description)[] Defaults =
    [
        ("AllowVnetInBound", 65000, "Inbound", "Allow", "VirtualNetwork", "VirtualNetwork", "Allow inbound traffic from all VMs in VNET"),
        ("AllowAzureLoadBalancerInBound", 65001, "Inbound", "Allow", "AzureLoadBalancer", "*", "Allow inbound traffic from azure load balancer"),
        ("DenyAllInBound", 65500, "Inbound", "Deny", "*", "*", "Deny all inbound traffic"),
        ("AllowVnetOutBound", 65000, "Outbound", "Allow", "VirtualNetwork", "VirtualNetwork", "Allow outbound traffic from all VMs to all VMs in VNET"),
        ("AllowInternetOutBound", 65001, "Outbound", "Allow", "*", "Internet", "Allow outbound traffic from all VMs to Internet"),
        ("DenyAllOutBound", 65500, "Outbound", "Deny", "*", "*", "Deny all outbound traffic"),
    ];

    public static JsonArray All(ExportScene scene) => Json.Array(scene.Rules.Rules.Select(nsg => (JsonNode?)Nsg(scene, nsg.Key, nsg.Value)));

    private static JsonObject Nsg(ExportScene scene, string name, IEnumerable<RuleSpec> rules)
    {
        var id = LabIds.Nsg(name);
        var group = LabIds.NsgGroup(name);
        var isManaged = name == LabIds.ManagedNsg;
        return new JsonObject
        {
            ["defaultSecurityRules"] = Json.Array(Defaults.Select(d => (JsonNode?)Rule(id, group, "defaultSecurityRules",
                new RuleSpec(d.Name, d.Priority, d.Access, "*") { Sources = [d.Source], Destinations = [d.Destination] }, d.Direction, d.Description))),
            ["flowLogs"] = scene.Format == Flows.LogFormat.VnetV4 ? null : new JsonArray(Json.Ref(LabIds.FlowLog("flowlog-" + name), "NetworkWatcherRG")),
            ["flushConnection"] = false,
            ["id"] = id,
            ["location"] = LabIds.Location,
            ["name"] = name,
            ["networkInterfaces"] = isManaged ? Json.Array(scene.Cluster.Nodes.Select(n => (JsonNode?)Json.Ref(LabIds.VmssNic(n.Vmss, n.PoolIndex), LabIds.NodeResourceGroup))) : null,
            ["provisioningState"] = "Succeeded",
            ["resourceGroup"] = group,
            ["resourceGuid"] = LabIds.Guid(id),
            ["securityRules"] = Json.Array(rules.Select(r => (JsonNode?)Rule(id, group, "securityRules", r, r.Direction, null))),
            ["subnets"] = isManaged ? null : new JsonArray(Json.Ref(LabIds.Subnet("snet-" + name["nsg-".Length..]), LabIds.ResourceGroup)),
            ["tags"] = null,
            ["type"] = "Microsoft.Network/networkSecurityGroups",
        };
    }

    /// <summary>One value goes into the singular field, several into the plural one with the other left null or empty, as the CLI shows it.</summary>
    private static JsonObject Rule(string nsgId, string group, string kind, RuleSpec rule, string direction, string? description) => new()
    {
        ["access"] = rule.Access,
        ["description"] = description,
        ["destinationAddressPrefix"] = Single(rule.Destinations),
        ["destinationAddressPrefixes"] = Several(rule.Destinations),
        ["destinationApplicationSecurityGroups"] = null,
        ["destinationPortRange"] = Single(rule.Ports),
        ["destinationPortRanges"] = Several(rule.Ports),
        ["direction"] = direction,
        ["id"] = $"{nsgId}/{kind}/{rule.Name}",
        ["name"] = rule.Name,
        ["priority"] = rule.Priority,
        ["protocol"] = rule.Protocol,
        ["provisioningState"] = "Succeeded",
        ["resourceGroup"] = group,
        ["sourceAddressPrefix"] = Single(rule.Sources),
        ["sourceAddressPrefixes"] = Several(rule.Sources),
        ["sourceApplicationSecurityGroups"] = null,
        ["sourcePortRange"] = "*",
        ["sourcePortRanges"] = new JsonArray(),
        ["type"] = $"Microsoft.Network/networkSecurityGroups/{kind}",
    };

    private static JsonNode? Single(string[] values) => values.Length == 1 ? values[0] : null;

    private static JsonArray Several(string[] values) => values.Length == 1 ? [] : Json.Texts(values);
}
