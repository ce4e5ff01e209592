using FlowLogAnalyzer.Inventory.Timeline;

namespace FlowLogAnalyzer.Inventory.Tables;

/// <summary>One collector per table of the schema.</summary>
internal sealed class TableSet
{
    private readonly Dictionary<string, RowCollector> _collectors = InventorySchema.All.Where(s => s != InventorySchema.Addresses)
        .ToDictionary(s => s.Name, s => new RowCollector(s), StringComparer.Ordinal);

    /// <summary>Rows that follow one kind of entity only.</summary>
    public void AddLasting(InventoryHistory history, IReadOnlyList<NsgVersion> nsgs)
    {
        NetworkTables.AddClusters(history, Of(InventorySchema.Clusters));
        NetworkTables.AddFlowLogs(history, Of(InventorySchema.FlowLogs));
        NsgTables.Add(nsgs, Of(InventorySchema.Nsgs), Of(InventorySchema.NsgRules));
        WorkloadTables.AddPods(history, Of(InventorySchema.Pods));
    }

    /// <summary>Rows that are derived from several kinds at a time.</summary>
    public void AddMoment(Moment moment, IReadOnlyList<ServiceFacts> services)
    {
        NodeTables.AddNodes(moment, Of(InventorySchema.Nodes));
        NodeTables.AddNics(moment, Of(InventorySchema.Nics));
        NetworkTables.AddSubnets(moment, Of(InventorySchema.Subnets));
        WorkloadTables.AddEndpoints(moment, Of(InventorySchema.Endpoints));
        WorkloadTables.AddIngresses(moment, Of(InventorySchema.Ingresses));
        foreach (var service in services)
        {
            ServiceTables.AddService(service, Of(InventorySchema.Services), Of(InventorySchema.ServicePorts));
            ServiceTables.AddFrontends(service, Of(InventorySchema.Frontends));
            ServiceTables.AddBackends(service, Of(InventorySchema.Backends));
            ProbeTable.Add(service, Of(InventorySchema.Probes));
        }
    }

    public IReadOnlyList<InventoryTable> Build() =>
        [.. InventorySchema.All.Where(s => s != InventorySchema.Addresses).Select(s => Of(s).ToTable())];

    private RowCollector Of(TableShape shape) => _collectors[shape.Name];
}
