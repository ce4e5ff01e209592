using System.Text.Json;
using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary><c>az network watcher flow-log list</c>: what is logged, and which part of it.</summary>
internal static class FlowLogReader
{
    public static FlowLogEntity Read(JsonElement item) => new()
    {
        TargetId = item.Text("targetResourceId"),
        Enabled = item.Bool("enabled") ?? false,
        Version = item.Int("format.version"),
        RecordTypes = item.Text("recordTypes"),
        Filter = item.Text("enabledFilteringCriteria"),
    };
}
