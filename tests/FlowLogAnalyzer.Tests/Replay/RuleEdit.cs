using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;

namespace FlowLogAnalyzer.Tests.Replay;

/// <summary>Changes exported NSGs as a person would.</summary>
internal static class RuleEdit
{
    public static NetworkSecurityGroup Without(this NetworkSecurityGroup nsg, string rule) => nsg with { Rules = nsg.Rules.Where(r => r.Name != rule).ToEquatableList() };

    public static NsgRule Inbound(string name, int priority, Decision decision, string source, string destination, string ports = "*") => new()
    {
        Name = name,
        Priority = priority,
        Direction = Direction.Inbound,
        Decision = decision,
        Source = RuleSide.Of(source),
        Destination = RuleSide.Of(destination, ports),
    };

    /// <summary>The NSG as the inventory holds it at the end.</summary>
    public static NetworkSecurityGroup Exported(this ReplayLake lake, string name) => lake.Model.Epoch(lake.Model.Boundaries.Count).Nsg(name)!;
}
