namespace FlowLogAnalyzer.Bench;

/// <summary>What stands round the tuples of generated logs (Azure docs, nsg-flow-logs-overview and vnet-flow-logs-overview).</summary>
/// <param name="Folder">Where in a path the resource is named.</param>
/// <param name="Head">A record up to its rules, from its time and MAC.</param>
/// <param name="Rule">A rule up to its tuples, from its name and the MAC.</param>
/// <param name="RuleEnd">Behind the last tuple of a rule.</param>
/// <param name="End">Behind the last rule of a record.</param>
internal sealed record LogForm(string Folder, Func<string, string, string> Head, Func<string, string, string> Rule, string RuleEnd, string End)
{
    private const string FlowLog = "/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000000/RESOURCEGROUPS/NETWORKWATCHERRG/PROVIDERS/MICROSOFT.NETWORK/NETWORKWATCHERS/NW/FLOWLOGS/FL-VNET";
    private const string Vnets = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/virtualNetworks/vnet-aks";
    private const string Acl = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/networkSecurityGroups/nsg-user";

    public static LogForm Nsg { get; } = new(
        "resourceId=" + LogGenerator.Nsg,
        (time, mac) => $"{{\"time\":\"{time}\",\"systemId\":\"2a7d3c5e-5c1b-4f0e-9f0c-7b8a4d1c2e3f\",\"macAddress\":\"{mac}\",\"category\":\"NetworkSecurityGroupFlowEvent\","
            + $"\"resourceId\":\"{LogGenerator.Nsg}\",\"operationName\":\"NetworkSecurityGroupFlowEvents\",\"properties\":{{\"Version\":2,\"flows\":[",
        (rule, mac) => $"{{\"rule\":\"{rule}\",\"flows\":[{{\"mac\":\"{mac}\",\"flowTuples\":[",
        "]}]}",
        "]}}");

    public static LogForm Vnet { get; } = new(
        "flowLogResourceID=/00000000-0000-0000-0000-000000000000_NETWORKWATCHERRG/NW_FL-VNET",
        (time, mac) => $"{{\"time\":\"{time}\",\"flowLogVersion\":4,\"flowLogGUID\":\"66aa66aa-bb77-cc88-dd99-00ee00ee00ee\",\"macAddress\":\"{mac}\",\"category\":\"FlowLogFlowEvent\","
            + $"\"flowLogResourceID\":\"{FlowLog}\",\"targetResourceID\":\"{Vnets}\",\"operationName\":\"FlowLogFlowEvent\",\"flowRecords\":{{\"flows\":[{{\"aclID\":\"{Acl}\",\"flowGroups\":[",
        (rule, _) => $"{{\"rule\":\"{rule}\",\"flowTuples\":[",
        "]}",
        "]}]}}");
}
