using System.Text.Json;
using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>Keeps of an NSG export what decides and what it is bound to; the rules themselves are read by Nsg/Import.</summary>
internal static class NsgReader
{
    private static readonly string[] Dropped = ["etag", "tags", "provisioningState", "flowLogs", "networkInterfaces", "resourceGroup"];

    public static NsgEntity Read(JsonElement item) => new()
    {
        Source = Trim(Checked(item)),
        SubnetIds = [.. item.Items("subnets").Select(i => i.ArmId("id")).OfType<string>().Order(StringComparer.Ordinal)],
    };

    /// <summary>An NSG whose rules cannot be read must not look like one without rules.</summary>
    private static JsonElement Checked(JsonElement item)
    {
        foreach (var list in new[] { "securityRules", "defaultSecurityRules" })
            foreach (var rule in item.Items(list))
                Check(rule, list);
        return item;
    }

    private static void Check(JsonElement rule, string list)
    {
        if (rule.ValueKind != JsonValueKind.Object)
            throw FieldException.WrongType(list, "a list of rules", rule);
        foreach (var field in new[] { "name", "access", "direction", "protocol" })
            _ = rule.Text(field);
        _ = rule.Int("priority");
        foreach (var side in new[] { "source", "destination" })
        {
            _ = rule.OneOrMany(side + "PortRange", side + "PortRanges");
            foreach (var prefix in rule.OneOrMany(side + "AddressPrefix", side + "AddressPrefixes").Where(p => p.Contains('/', StringComparison.Ordinal) && !p.StartsWith('[')))
                JsonFields.AllPrefixes([prefix], $"{list}.{side}AddressPrefix");
        }
    }

    /// <summary>
    /// The same JSON without nulls and without the fields that change for other reasons than rules: the NICs of a scale
    /// set come and go, and every NIC names its NSG itself.
    /// </summary>
    private static JsonElement Trim(JsonElement item)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, item);

        using var document = JsonDocument.Parse(buffer.ToArray());
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            writer.WriteStartArray();
            foreach (var item in element.EnumerateArray())
                Write(writer, item);
            writer.WriteEndArray();
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            writer.WriteStartObject();
            foreach (var property in element.EnumerateObject().Where(Keeps))
            {
                writer.WritePropertyName(property.Name);
                Write(writer, property.Value);
            }
            writer.WriteEndObject();
        }
        else
        {
            element.WriteTo(writer);
        }
    }

    private static bool Keeps(JsonProperty property) =>
        !property.Value.IsNothing() && !Dropped.Contains(property.Name, StringComparer.OrdinalIgnoreCase);
}
