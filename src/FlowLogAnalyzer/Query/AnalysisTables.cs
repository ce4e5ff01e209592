using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Query.Baselines;
using FlowLogAnalyzer.Query.Configuration;

namespace FlowLogAnalyzer.Query;

/// <summary>Every table that the SQL of queries/ may join flows with: the inventory, flowlog.json and the baseline.</summary>
public static class AnalysisTables
{
    public static IReadOnlyList<TableShape> All { get; } = [.. InventorySchema.All, .. ConfigurationTables.All, BaselineTable.Shape];
}
