using FlowLogAnalyzer.Analysis.Baselines;
using FlowLogAnalyzer.Analysis.Configuration;
using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Analysis;

/// <summary>Every table that the SQL of queries/ may join flows with: the inventory, flowlog.json and the baseline.</summary>
public static class AnalysisTables
{
    public static IReadOnlyList<TableShape> All { get; } = [.. InventorySchema.All, .. ConfigurationTables.All, BaselineTable.Shape];
}
