namespace FlowLogAnalyzer.Tests.Parsing;

/// <summary>Short hand-written flow logs: one NIC, hour 2026-11-20T10, tuples at 10:05:00 of that day.</summary>
internal static class Logs
{
    public const string Time = "2026-11-20T10:05:30.1234567Z";
    public const string Mac = "000D3AF87856";
    public const string NsgId = "/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/NSG-USER";
    public const string AclId = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg-user";

    public const string V1 = "1795169100,192.0.2.7,10.0.0.4,51000,443,T,I,A";
    public const string V2 = "1795169100,192.0.2.7,10.0.0.4,51000,443,T,I,A,C,10,2000,12,9000";
    public const string V4 = "1795169100123,192.0.2.7,10.0.0.4,51000,443,6,I,C,NX,10,2000,12,9000";

    public static string Blob(params string[] records) => "{\"records\":[" + string.Join(',', records) + "]}";

    public static string Quote(IEnumerable<string> tuples) => string.Join(',', tuples.Select(t => $"\"{t}\""));

    public static string Nsg(int version, params string[] tuples) => NsgRaw(version.ToString(), Quote(tuples));

    public static string NsgRaw(string version, string elements) =>
        NsgHead + $$$"""
        "properties":{"Version":{{{version}}},"flows":[{"rule":"UserRule_web","flows":[{"mac":"{{{Mac}}}","flowTuples":[{{{elements}}}]}]}]}}
        """;

    public const string NsgHead = $$"""
        {"time":"{{Time}}","systemId":"5c3a","macAddress":"{{Mac}}","category":"NetworkSecurityGroupFlowEvent","resourceId":"{{NsgId}}","operationName":"NetworkSecurityGroupFlowEvents",
        """;

    public const string VnetHead = $$"""
        {"time":"{{Time}}","flowLogVersion":4,"flowLogGUID":"9f2b","macAddress":"{{Mac}}","category":"FlowLogFlowEvent","flowLogResourceID":"/FL","targetResourceID":"/vnet","operationName":"FlowLogFlowEvent",
        """;

    public static string Vnet(params string[] tuples) => VnetRaw(Quote(tuples));

    public static string VnetRaw(string elements, string rule = "UserRule_web", string acl = AclId) =>
        VnetHead + $$$"""
        "flowRecords":{"flows":[{"aclID":"{{{acl}}}","flowGroups":[{"rule":"{{{rule}}}","flowTuples":[{{{elements}}}]}]}]}}
        """;

    /// <summary>A VNet tuple with one field replaced.</summary>
    public static string V4With(int field, string value) => With(V4, field, value);

    /// <summary>An NSG v2 tuple with one field replaced.</summary>
    public static string V2With(int field, string value) => With(V2, field, value);

    private static string With(string tuple, int field, string value)
    {
        var fields = tuple.Split(',');
        fields[field] = value;
        return string.Join(',', fields);
    }
}
