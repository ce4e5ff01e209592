using System.Text.Json;

namespace FlowLogAnalyzer.Nsg.Import;

/// <summary>Reads one NSG resource as ARM REST, az and PowerShell write it.</summary>
internal static class NsgResourceReader
{
    private const string ResourceType = "Microsoft.Network/networkSecurityGroups";

    public static bool IsNsg(JsonElement element)
    {
        var type = element.Text("type") ?? element.Text("resourceType");
        if (type is not null && type.Contains('/'))
            return type.Equals(ResourceType, StringComparison.OrdinalIgnoreCase);
        return element.Body().Has("securityRules") || element.Body().Has("defaultSecurityRules");
    }

    public static NetworkSecurityGroup Read(JsonElement element, RuleFields fields)
    {
        var body = element.Body();
        var id = element.Text("id") ?? "";
        var name = fields.Text(element, "name") ?? (id.Length > 0 ? JsonNames.LastSegment(id) : "unnamed");
        var place = $"NSG '{name}'";
        var rules = body.Items("securityRules").Select(r => fields.Read(r, isDefault: false, place))
            .Concat(body.Items("defaultSecurityRules").Select(r => fields.Read(r, isDefault: true, place)));
        return new NetworkSecurityGroup
        {
            Name = name,
            Id = id,
            ResourceGuid = body.Text("resourceGuid"),
            Location = fields.Text(element, "location"),
            FlushConnection = body.Get("flushConnection") is { ValueKind: JsonValueKind.True },
            Rules = rules.ToEquatableList(),
            Subnets = body.Ids("subnets").ToEquatableList(),
            Nics = body.Ids("networkInterfaces").ToEquatableList(),
        };
    }
}
