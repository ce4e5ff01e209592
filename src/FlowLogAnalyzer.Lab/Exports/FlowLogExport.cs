using System.Text.Json.Nodes;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Exports;

/// <summary><c>az network watcher flow-log list</c>: one per NSG, or one on the VNet.</summary>
internal static class FlowLogExport
{
    public static JsonArray All(ExportScene scene) => scene.Format == LogFormat.VnetV4
        ? [FlowLog(LabIds.VnetFlowLog, LabIds.Network("virtualNetworks", LabIds.Vnet), 2)]
        : Json.Array(scene.Rules.Rules.Keys.Select(nsg => (JsonNode?)FlowLog("flowlog-" + nsg, LabIds.Nsg(nsg), scene.Format == LogFormat.NsgV1 ? 1 : 2)));

    private static JsonObject FlowLog(string name, string target, int version) => new()
    {
        ["enabled"] = true,
        ["enabledFilteringCriteria"] = "",
        ["flowAnalyticsConfiguration"] = new JsonObject { ["networkWatcherFlowAnalyticsConfiguration"] = new JsonObject { ["enabled"] = false } },
        ["format"] = new JsonObject { ["type"] = "JSON", ["version"] = version },
        ["id"] = LabIds.FlowLog(name),
        ["location"] = LabIds.Location,
        ["name"] = name,
        ["provisioningState"] = "Succeeded",
        ["recordTypes"] = "",
        ["resourceGroup"] = "NetworkWatcherRG",
        ["retentionPolicy"] = new JsonObject { ["days"] = 90, ["enabled"] = true },
        ["storageId"] = LabIds.Arm(LabIds.ResourceGroup, "Microsoft.Storage/storageAccounts", "stshopflowlogs"),
        ["targetResourceGuid"] = LabIds.Guid(target),
        ["targetResourceId"] = target,
        ["type"] = "Microsoft.Network/networkWatchers/flowLogs",
    };
}
