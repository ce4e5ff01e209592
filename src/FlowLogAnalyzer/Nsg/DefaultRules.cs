using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Nsg;

/// <summary>The six rules that every NSG ends with (Azure docs, network-security-groups-overview, "Default security rules").</summary>
public static class DefaultRules
{
    public static IReadOnlyList<NsgRule> All { get; } =
    [
        Rule("AllowVnetInBound", 65000, Direction.Inbound, Decision.Allow, ServiceTagNames.VirtualNetwork, ServiceTagNames.VirtualNetwork),
        Rule("AllowAzureLoadBalancerInBound", 65001, Direction.Inbound, Decision.Allow, ServiceTagNames.AzureLoadBalancer, "*"),
        Rule("DenyAllInBound", 65500, Direction.Inbound, Decision.Deny, "*", "*"),
        Rule("AllowVnetOutBound", 65000, Direction.Outbound, Decision.Allow, ServiceTagNames.VirtualNetwork, ServiceTagNames.VirtualNetwork),
        Rule("AllowInternetOutBound", 65001, Direction.Outbound, Decision.Allow, "*", ServiceTagNames.Internet),
        Rule("DenyAllOutBound", 65500, Direction.Outbound, Decision.Deny, "*", "*"),
    ];

    public static bool IsName(string name) => All.Any(r => RuleNames.Same(name, r.Name));

    /// <summary>The rules with those default rules added that are missing by name; exports and templates often leave them out.</summary>
    public static IEnumerable<NsgRule> Complete(IReadOnlyCollection<NsgRule> rules) =>
        rules.Concat(All.Where(d => !rules.Any(r => r.IsDefault && RuleNames.Same(r.Name, d.Name))));

    private static NsgRule Rule(string name, int priority, Direction direction, Decision decision, string source, string destination) => new()
    {
        Name = name,
        Priority = priority,
        Direction = direction,
        Decision = decision,
        Source = RuleSide.Of(source),
        Destination = RuleSide.Of(destination),
        IsDefault = true,
    };
}
