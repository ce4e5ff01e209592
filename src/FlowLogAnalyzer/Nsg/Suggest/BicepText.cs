using System.Text;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Nsg.Suggest;

/// <summary>Suggestions as Bicep: rules as children of NSGs that exist.</summary>
internal static class BicepText
{
    private const string ApiVersion = "2023-11-01";

    public static string Write(IReadOnlyList<RuleSuggestion> suggestions)
    {
        var blocks = new List<string>();
        foreach (var group in suggestions.GroupBy(s => s.NsgName, StringComparer.OrdinalIgnoreCase))
        {
            blocks.Add($"resource {RuleSuggestionText.Identifier(group.Key)} 'Microsoft.Network/networkSecurityGroups@{ApiVersion}' existing = {{\n  name: {Quote(group.Key)}\n}}\n");
            blocks.AddRange(group.Select(Write));
        }

        return string.Join('\n', blocks);
    }

    private static string Write(RuleSuggestion suggestion)
    {
        var rule = suggestion.Rule;
        var text = new StringBuilder();
        text.Append($"resource {RuleSuggestionText.Identifier(suggestion.NsgName, rule.Name)} 'Microsoft.Network/networkSecurityGroups/securityRules@{ApiVersion}' = {{\n");
        text.Append($"  parent: {RuleSuggestionText.Identifier(suggestion.NsgName)}\n  name: {Quote(rule.Name)}\n  properties: {{\n");
        if (rule.Description is { Length: > 0 } description)
            text.Append($"    description: {Quote(description)}\n");
        text.Append($"    priority: {rule.Priority}\n    direction: '{rule.Direction.Word()}'\n    access: '{rule.Decision.Word()}'\n");
        text.Append($"    protocol: '{RuleSuggestionText.Protocol(rule.Protocol)}'\n");
        Side(text, "source", rule.Source);
        Side(text, "destination", rule.Destination);
        return text.Append("  }\n}\n").ToString();
    }

    private static void Side(StringBuilder text, string side, RuleSide value)
    {
        if (value.Prefixes.Count > 0)
            Field(text, side + "AddressPrefix", side + "AddressPrefixes", value.Prefixes);
        if (value.Asgs.Count > 0)
            text.Append($"    {side}ApplicationSecurityGroups: [\n{string.Concat(value.Asgs.Select(a => $"      {{ id: {Quote(a)} }}\n"))}    ]\n");
        Field(text, side + "PortRange", side + "PortRanges", value.Ports);
    }

    private static void Field(StringBuilder text, string singular, string plural, EquatableList<string> values)
    {
        if (values.Count == 1)
            text.Append($"    {singular}: {Quote(values[0])}\n");
        else
            text.Append($"    {plural}: [\n{string.Concat(values.Select(v => $"      {Quote(v)}\n"))}    ]\n");
    }

    private static string Quote(string value) => "'" + value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("'", "\\'", StringComparison.Ordinal)
        .Replace("${", "\\${", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal)
        .Replace("\t", "\\t", StringComparison.Ordinal) + "'";
}
