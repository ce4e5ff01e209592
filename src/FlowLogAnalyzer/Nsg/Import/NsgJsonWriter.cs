using System.Text.Json;

namespace FlowLogAnalyzer.Nsg.Import;

/// <summary>Writes NSGs as <c>az network nsg list -o json</c> does; <see cref="NsgJson"/> reads them back equal.</summary>
public static class NsgJsonWriter
{
    public static byte[] ToUtf8(IEnumerable<NetworkSecurityGroup> nsgs)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            Write(writer, nsgs);
        return stream.ToArray();
    }

    public static void Write(Utf8JsonWriter writer, IEnumerable<NetworkSecurityGroup> nsgs)
    {
        writer.WriteStartArray();
        foreach (var nsg in nsgs)
            Write(writer, nsg);
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, NetworkSecurityGroup nsg)
    {
        writer.WriteStartObject();
        WriteRules(writer, nsg, isDefault: true);
        writer.WriteBoolean("flushConnection", nsg.FlushConnection);
        writer.WriteString("id", nsg.Id);
        writer.WriteString("location", nsg.Location);
        writer.WriteString("name", nsg.Name);
        WriteIds(writer, "networkInterfaces", nsg.Nics);
        writer.WriteString("provisioningState", "Succeeded");
        writer.WriteString("resourceGroup", ResourceGroup(nsg.Id));
        writer.WriteString("resourceGuid", nsg.ResourceGuid);
        WriteRules(writer, nsg, isDefault: false);
        WriteIds(writer, "subnets", nsg.Subnets);
        writer.WriteString("type", "Microsoft.Network/networkSecurityGroups");
        writer.WriteEndObject();
    }

    private static void WriteRules(Utf8JsonWriter writer, NetworkSecurityGroup nsg, bool isDefault)
    {
        var kind = isDefault ? "defaultSecurityRules" : "securityRules";
        writer.WriteStartArray(kind);
        foreach (var rule in nsg.Rules.Where(r => r.IsDefault == isDefault))
        {
            writer.WriteStartObject();
            writer.WriteString("access", rule.Decision == Flows.Decision.Unknown ? "" : rule.Decision.ToString());
            writer.WriteString("description", rule.Description);
            WriteSide(writer, "destination", rule.Destination);
            writer.WriteString("direction", rule.Direction == Flows.Direction.Unknown ? "" : rule.Direction.ToString());
            writer.WriteString("id", nsg.Id.Length == 0 ? null : $"{nsg.Id}/{kind}/{rule.Name}");
            writer.WriteString("name", rule.Name);
            writer.WriteNumber("priority", rule.Priority);
            writer.WriteString("protocol", Protocol(rule.Protocol));
            writer.WriteString("provisioningState", "Succeeded");
            writer.WriteString("resourceGroup", ResourceGroup(nsg.Id));
            WriteSide(writer, "source", rule.Source);
            writer.WriteString("type", $"Microsoft.Network/networkSecurityGroups/{kind}");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteSide(Utf8JsonWriter writer, string side, RuleSide value)
    {
        WriteTexts(writer, side + "AddressPrefix", side + "AddressPrefixes", value.Prefixes);
        if (value.Asgs.Count > 0)
            WriteIds(writer, side + "ApplicationSecurityGroups", value.Asgs);
        WriteTexts(writer, side + "PortRange", side + "PortRanges", value.Ports);
    }

    /// <summary>One value goes into the singular field, several into the plural one, as the portal and az write them.</summary>
    private static void WriteTexts(Utf8JsonWriter writer, string singular, string plural, EquatableList<string> texts)
    {
        if (texts.Count == 1)
            writer.WriteString(singular, texts[0]);
        else
            writer.WriteNull(singular);

        writer.WriteStartArray(plural);
        foreach (var text in texts.Count == 1 ? [] : texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static void WriteIds(Utf8JsonWriter writer, string name, EquatableList<string> ids)
    {
        writer.WriteStartArray(name);
        foreach (var id in ids)
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            writer.WriteString("resourceGroup", ResourceGroup(id));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Protocol(RuleProtocol protocol) => protocol switch
    {
        RuleProtocol.Any => "*",
        RuleProtocol.Unresolved => "",
        _ => protocol.ToString(),
    };

    private static string? ResourceGroup(string id)
    {
        var parts = id.Split('/');
        return parts.Length > 4 ? parts[4] : null;
    }
}
