using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Findings;

/// <summary>What the logs and the inventory at hand cannot show, in sentences that go with every finding they weaken.</summary>
internal sealed class FindingLimits
{
    /// <summary>What each table of the inventory is for, and how to get it.</summary>
    private static readonly Dictionary<string, string> Tables = new(StringComparer.Ordinal)
    {
        ["nodes"] = "no nodes (kubectl get nodes -o json)",
        ["nics"] = "no NICs, so the node that logged a flow is guessed from addresses (az vmss nic list)",
        ["services"] = "no Services (kubectl get services -A -o json)",
        ["service_ports"] = "no Service ports (kubectl get services -A -o json)",
        ["frontends"] = "no load-balancer frontends (kubectl get services -A -o json or az network lb list)",
        ["probes"] = "no load-balancer probes (az network lb list or kubectl get services -A -o json)",
        ["backends"] = "no load-balancer backends (az network lb list or kubectl get nodes -o json)",
        ["endpoints"] = "no endpoints, so which node runs which pod of a Service is unknown (kubectl get endpointslices -A -o json)",
        ["pods"] = "no pods (kubectl get pods -A -o json)",
        ["ingresses"] = "no Ingress objects (kubectl get ingress -A -o json)",
        ["nsgs"] = "no network security groups, so NSG names are those of the log's ids (az network nsg list)",
        ["nsg_rules"] = "no NSG rules (az network nsg list)",
        ["clusters"] = "no cluster settings (az aks show)",
        ["subnets"] = "no subnets (az network vnet list)",
        ["flow_logs"] = "no flow-log resources (az network watcher flow-log list)",
        ["addresses"] = "no owners of addresses",
    };

    private readonly List<string> _ofTheLake = [];
    private readonly string _levels;

    private FindingLimits(LakeDatabase database)
    {
        using (var rows = database.Read("select nsg from unlogged_nsgs where nsg is not null order by nsg", null))
            _levels = string.Join(", ", rows.Read().Select(row => row[0]));
        if (database.OverlappingRows > 0)
            _ofTheLake.Add($"{database.OverlappingRows} inventory rows give one address, NIC or frontend two owners at one time; the later one was taken.");
    }

    public static FindingLimits Of(LakeDatabase database) => new(database);

    public IReadOnlyList<string> For(QueryFile query, LakeDatabase database)
    {
        var limits = query.Inputs
            .Where(i => i.IsOptional && !database.FilledTables.Contains(i.Table))
            .Select(i => $"The inventory has {Meaning(i.Table)}.")
            .Concat(_ofTheLake)
            .ToList();
        if (_levels.Length > 0)
            limits.Add($"These NSGs guard the nodes' NICs or subnets but no row names them: {_levels}. Flows that only they decide are not in these logs (NSG flow logs record an allowed flow at the last NSG and a denied one at the NSG that denies it).");
        return limits;
    }

    /// <summary>That a table of the inventory is empty, in words.</summary>
    public static string Meaning(string table) => Tables.GetValueOrDefault(table, $"no rows in {table}");
}
