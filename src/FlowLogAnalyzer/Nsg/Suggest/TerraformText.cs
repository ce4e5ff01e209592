using System.Text;

namespace FlowLogAnalyzer.Nsg.Suggest;

/// <summary>Suggestions as Terraform resources of the azurerm provider.</summary>
internal static class TerraformText
{
    public static string Write(RuleSuggestion suggestion)
    {
        var rule = suggestion.Rule;
        var fields = new List<(string Name, string Value)>
        {
            ("name", Quote(rule.Name)),
            ("priority", $"{rule.Priority}"),
            ("direction", Quote(rule.Direction.ToString())),
            ("access", Quote(rule.Decision.ToString())),
            ("protocol", Quote(RuleSuggestionText.Protocol(rule.Protocol))),
        };
        Side(fields, "source", rule.Source);
        Side(fields, "destination", rule.Destination);
        fields.Add(("resource_group_name", Quote(suggestion.ResourceGroup ?? RuleSuggestionText.UnknownResourceGroup)));
        fields.Add(("network_security_group_name", Quote(suggestion.NsgName)));
        if (rule.Description is { Length: > 0 } description)
            fields.Add(("description", Quote(description)));

        var width = fields.Max(f => f.Name.Length);
        var text = new StringBuilder($"resource \"azurerm_network_security_rule\" \"{RuleSuggestionText.Identifier(suggestion.NsgName, rule.Name)}\" {{\n");
        foreach (var (name, value) in fields)
            text.Append($"  {name.PadRight(width)} = {value}\n");
        return text.Append("}\n").ToString();
    }

    private static void Side(List<(string Name, string Value)> fields, string side, RuleSide value)
    {
        if (value.Prefixes.Count > 0)
            Field(fields, side + "_address_prefix", side + "_address_prefixes", value.Prefixes);
        if (value.Asgs.Count > 0)
            fields.Add((side + "_application_security_group_ids", List(value.Asgs)));
        Field(fields, side + "_port_range", side + "_port_ranges", value.Ports);
    }

    private static void Field(List<(string Name, string Value)> fields, string singular, string plural, EquatableList<string> values) =>
        fields.Add(values.Count == 1 ? (singular, Quote(values[0])) : (plural, List(values)));

    private static string List(EquatableList<string> values) => $"[{string.Join(", ", values.Select(Quote))}]";

    private static string Quote(string value) => "\"" + value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("${", "$${", StringComparison.Ordinal)
        .Replace("%{", "%%{", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal)
        .Replace("\t", "\\t", StringComparison.Ordinal) + "\"";
}
