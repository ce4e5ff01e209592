using System.Text;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Nsg.Suggest;

/// <summary>Suggestions as az commands for a POSIX shell.</summary>
internal static class AzText
{
    public static string Write(RuleSuggestion suggestion)
    {
        var rule = suggestion.Rule;
        var text = new StringBuilder("az network nsg rule create");
        Line(text, "--resource-group", suggestion.ResourceGroup ?? RuleSuggestionText.UnknownResourceGroup);
        Line(text, "--nsg-name", suggestion.NsgName);
        Line(text, "--name", rule.Name);
        Line(text, "--priority", $"{rule.Priority}");
        Line(text, "--direction", rule.Direction.Word() ?? throw new ArgumentException($"Rule '{rule.Name}' has no direction.", nameof(suggestion)));
        Line(text, "--access", rule.Decision.Word() ?? throw new ArgumentException($"Rule '{rule.Name}' has no decision.", nameof(suggestion)));
        Line(text, "--protocol", RuleSuggestionText.Protocol(rule.Protocol));
        Side(text, "source", rule.Source);
        Side(text, "destination", rule.Destination);
        if (rule.Description is { Length: > 0 } description)
            Line(text, "--description", description);
        return text.Append('\n').ToString();
    }

    private static void Side(StringBuilder text, string side, RuleSide value)
    {
        if (value.Prefixes.Count > 0)
            Line(text, $"--{side}-address-prefixes", [.. value.Prefixes]);
        if (value.Asgs.Count > 0)
            Line(text, $"--{side}-asgs", [.. value.Asgs]);
        Line(text, $"--{side}-port-ranges", [.. value.Ports]);
    }

    private static void Line(StringBuilder text, string option, params string[] values) =>
        text.Append(" \\\n  ").Append(option).Append(' ').AppendJoin(' ', values.Select(Quote));

    /// <summary>Single quotes switch everything off in a POSIX shell; a single quote itself is closed, escaped and opened again.</summary>
    private static string Quote(string value) =>
        value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || "._/:,-".Contains(c))
            ? value
            : $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
