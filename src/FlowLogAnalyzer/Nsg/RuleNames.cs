namespace FlowLogAnalyzer.Nsg;

/// <summary>
/// Names of rules: logs and effective-rule exports put a prefix before them, documentation spells the default rules
/// differently from JSON exports, and logs may cut long names (Azure docs, nsg-flow-logs-overview).
/// </summary>
public static class RuleNames
{
    /// <summary>Logs may cut names at this length.</summary>
    public const int LogNameLimit = 65;

    private static readonly string[] Prefixes = ["DefaultRule_", "UserRule_", "defaultSecurityRules/", "securityRules/"];

    public static string InLogs(NsgRule rule) => (rule.IsDefault ? "DefaultRule_" : "UserRule_") + rule.Name;

    /// <summary>The name without the prefix of the log or export.</summary>
    public static string Strip(string name)
    {
        foreach (var prefix in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return name[prefix.Length..];
        }

        return name;
    }

    /// <summary>True when <paramref name="logged"/> is, or is the cut form of, the name of a rule.</summary>
    public static bool Same(string logged, string rule)
    {
        var a = Strip(logged);
        var b = Strip(rule);
        return a.Equals(b, StringComparison.OrdinalIgnoreCase)
            || (logged.Length >= LogNameLimit && a.Length < b.Length && b.StartsWith(a, StringComparison.OrdinalIgnoreCase));
    }
}
