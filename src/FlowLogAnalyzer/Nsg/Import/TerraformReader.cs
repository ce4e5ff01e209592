using System.Text.Json;

namespace FlowLogAnalyzer.Nsg.Import;

/// <summary>
/// Reads <c>terraform show -json</c> of a plan or a state: azurerm_network_security_group with its inline rules,
/// azurerm_network_security_rule, and the associations whose ids are known (Terraform docs, JSON output format).
/// Values known only after apply are missing there, so they stay undecidable here.
/// </summary>
internal static class TerraformReader
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["source_address_prefix"] = "sourceAddressPrefix",
        ["source_address_prefixes"] = "sourceAddressPrefixes",
        ["source_port_range"] = "sourcePortRange",
        ["source_port_ranges"] = "sourcePortRanges",
        ["destination_address_prefix"] = "destinationAddressPrefix",
        ["destination_address_prefixes"] = "destinationAddressPrefixes",
        ["destination_port_range"] = "destinationPortRange",
        ["destination_port_ranges"] = "destinationPortRanges",
        ["source_application_security_group_ids"] = "sourceApplicationSecurityGroups",
        ["destination_application_security_group_ids"] = "destinationApplicationSecurityGroups",
    };

    public static bool IsTerraform(JsonElement element) =>
        element.Has("terraform_version") || element.Get("planned_values")?.Has("root_module") == true;

    public static void Read(JsonElement document, ImportResult result)
    {
        var root = (document.Get("planned_values") ?? document.Get("values"))?.Get("root_module");
        if (root is null)
            return;

        var resources = Resources(root.Value).ToList();
        var nsgs = resources.Where(r => r.Text("type") == "azurerm_network_security_group").Select(r => ReadNsg(r, result.Notes)).ToList();
        foreach (var rule in resources.Where(r => r.Text("type") == "azurerm_network_security_rule"))
            AddRule(rule, nsgs, result.Notes);
        foreach (var association in resources.Where(r => r.Text("type")?.EndsWith("_security_group_association", StringComparison.Ordinal) == true))
            Associate(association, nsgs);
        result.Nsgs.AddRange(nsgs);
        result.Notes.AddRange(nsgs.SelectMany(NsgChecks.Problems));
    }

    private static IEnumerable<JsonElement> Resources(JsonElement module) =>
        module.Items("resources").Concat(module.Items("child_modules").SelectMany(Resources));

    private static NetworkSecurityGroup ReadNsg(JsonElement resource, List<string> notes)
    {
        var values = resource.Get("values") ?? default;
        var name = values.Text("name") ?? resource.Text("address") ?? "unnamed";
        return new NetworkSecurityGroup
        {
            Name = name,
            Id = values.Text("id") ?? "",
            Location = values.Text("location"),
            Rules = values.Items("security_rule").Select(r => ReadRule(r, $"NSG '{name}'", notes)).ToEquatableList(),
        };
    }

    private static void AddRule(JsonElement resource, List<NetworkSecurityGroup> nsgs, List<string> notes)
    {
        var values = resource.Get("values") ?? default;
        var nsgName = values.Text("network_security_group_name");
        if (nsgName is null)
        {
            notes.Add($"The rule {resource.Text("address")} belongs to an NSG whose name is known only after apply: it was left out.");
            return;
        }

        var rule = ReadRule(values, $"NSG '{nsgName}'", notes);
        var index = nsgs.FindIndex(n => n.Name.Equals(nsgName, StringComparison.OrdinalIgnoreCase));
        if (index >= 0)
        {
            nsgs[index] = nsgs[index] with { Rules = nsgs[index].Rules.Append(rule).ToEquatableList() };
            return;
        }

        notes.Add($"The rule '{rule.Name}' belongs to NSG '{nsgName}', which is not in this document: the other rules of that NSG are missing.");
        nsgs.Add(new NetworkSecurityGroup { Name = nsgName, Rules = [rule] });
    }

    private static NsgRule ReadRule(JsonElement values, string place, List<string> notes)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var property in values.EnumerateObject())
                WriteArm(writer, Names.GetValueOrDefault(property.Name, property.Name), property.Value);
            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(stream.ToArray());
        return new RuleFields(RuleFields.AsIs, notes).Read(document.RootElement, isDefault: false, place);
    }

    private static void WriteArm(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        if (!name.EndsWith("ApplicationSecurityGroups", StringComparison.Ordinal) || value.ValueKind != JsonValueKind.Array)
        {
            value.WriteTo(writer);
            return;
        }

        writer.WriteStartArray();
        foreach (var id in value.EnumerateArray().Select(JsonNames.Text).OfType<string>())
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Associate(JsonElement resource, List<NetworkSecurityGroup> nsgs)
    {
        var values = resource.Get("values") ?? default;
        var nsgId = values.Text("network_security_group_id");
        var index = nsgId is null ? -1 : nsgs.FindIndex(n => n.Name.Equals(JsonNames.LastSegment(nsgId), StringComparison.OrdinalIgnoreCase));
        if (index < 0)
            return;
        if (values.Text("subnet_id") is { } subnet)
            nsgs[index] = nsgs[index] with { Subnets = nsgs[index].Subnets.Append(subnet).ToEquatableList() };
        if (values.Text("network_interface_id") is { } nic)
            nsgs[index] = nsgs[index] with { Nics = nsgs[index].Nics.Append(nic).ToEquatableList() };
    }
}
