namespace FlowLogAnalyzer.Nsg.Suggest;

/// <summary>A rule to add to an NSG.</summary>
public sealed record RuleSuggestion
{
    public required string NsgName { get; init; }

    /// <summary>Null when the inventory does not tell it: then the text has a placeholder.</summary>
    public string? ResourceGroup { get; init; }

    public required NsgRule Rule { get; init; }

    /// <summary>For an NSG of the inventory.</summary>
    public static RuleSuggestion For(NetworkSecurityGroup nsg, NsgRule rule)
    {
        var parts = nsg.Id.Split('/');
        return new RuleSuggestion { NsgName = nsg.Name, ResourceGroup = parts.Length > 4 ? parts[4] : null, Rule = rule };
    }
}

/// <summary>What a suggestion is written as.</summary>
public enum SuggestionForm
{
    Az,
    Bicep,
    Terraform,
}

/// <summary>
/// Writes suggestions as text to run or to commit. Same input, same text; names and descriptions are escaped, so that
/// nothing in them is taken for a command or an expression.
/// </summary>
public static class RuleSuggestionText
{
    internal const string UnknownResourceGroup = "<resource-group>";

    public static string Write(IReadOnlyList<RuleSuggestion> suggestions, SuggestionForm form) => form switch
    {
        SuggestionForm.Az => string.Concat(suggestions.Select(AzText.Write)),
        SuggestionForm.Bicep => BicepText.Write(suggestions),
        SuggestionForm.Terraform => string.Join('\n', suggestions.Select(TerraformText.Write)),
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "Expected Az, Bicep or Terraform."),
    };

    internal static string Protocol(RuleProtocol protocol) => protocol switch
    {
        RuleProtocol.Any => "*",
        RuleProtocol.Unresolved => throw new ArgumentException("A rule with an unresolved protocol cannot be suggested.", nameof(protocol)),
        _ => protocol.ToString(),
    };

    /// <summary>A name for Bicep and Terraform from the names of the NSG and the rule.</summary>
    internal static string Identifier(params IEnumerable<string> names)
    {
        var text = string.Join('_', names);
        var identifier = string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_'));
        return char.IsAsciiLetter(identifier[0]) ? identifier : "r_" + identifier;
    }
}
