using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg.Evaluation;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Nsg;

/// <summary>
/// Decides flows as Azure would at one NIC. Use:
/// <code>
/// var nsg = new NetworkSecurityGroup { Name = "nsg-user", Rules = [ new NsgRule { Name = "deny-vnet", Priority = 200,
///     Direction = Direction.Inbound, Decision = Decision.Deny, Protocol = RuleProtocol.Tcp,
///     Source = RuleSide.Of("VirtualNetwork"), Destination = RuleSide.Of("10.10.2.100/32", "80,443") } ] };
/// var evaluator = new NsgEvaluator(new NicContext { SubnetNsg = nsg, Addresses = new AddressSources {
///     Network = new VirtualNetworkFacts { AddressSpace = ["10.10.0.0/16"], Routes = [new("10.244.1.0/24", "VirtualAppliance")] } } });
/// var decision = evaluator.Decide(flow);   // decision.Decision, .DecidingLevel, .Nsg, .Rule (?.LogName is the log's spelling)
/// </code>
/// Default rules are always there. Immutable, safe to share between threads; deciding does not allocate.
/// Inbound: admin rules, subnet NSG, NIC NSG; outbound: admin rules, NIC NSG, subnet NSG; traffic inside one subnet too
/// (Azure docs, network-security-group-how-it-works). Only creation events may be decided: a flow that exists keeps going.
/// </summary>
public sealed class NsgEvaluator
{
    private readonly CompiledNsg? _subnet;
    private readonly CompiledNsg? _nic;
    private readonly CompiledAdminRules? _admin;

    public NsgEvaluator(NicContext context)
    {
        Context = context;
        Scope = new AddressScope(context.Addresses);
        _subnet = context.SubnetNsg is null ? null : new CompiledNsg(context.SubnetNsg, Scope);
        _nic = context.NicNsg is null ? null : new CompiledNsg(context.NicNsg, Scope);
        _admin = context.AdminRules.Count == 0 ? null : new CompiledAdminRules(context.AdminRules, Scope);
    }

    public NicContext Context { get; }

    public AddressScope Scope { get; }

    /// <summary>A flow without a direction is undecided.</summary>
    public NsgDecision Decide(in FlowKey flow)
    {
        if (flow.Direction == Direction.Unknown)
            return default;

        if (PlatformServices.IsExempt(flow))
            return DecidePlatform(flow);

        var admin = _admin?.Decide(flow) ?? new AdminLevelResult(null, Outcomes.Allow, ruleIsSure: true);
        var subnet = _subnet?.Decide(flow, NsgLevel.Subnet) ?? Absent(NsgLevel.Subnet);
        var nic = _nic?.Decide(flow, NsgLevel.Nic) ?? Absent(NsgLevel.Nic);
        return DecisionRules.Combine(flow.Direction, admin, subnet, nic);
    }

    /// <summary>The decision with every level's rules, the ones that would match later, and where tags came from. For single flows.</summary>
    public NsgExplanation Explain(in FlowKey flow) => Explainer.Explain(this, flow);

    internal CompiledNsg? Level(NsgLevel level) => level == NsgLevel.Subnet ? _subnet : level == NsgLevel.Nic ? _nic : null;

    internal CompiledAdminRules? AdminRules => _admin;

    private NsgDecision DecidePlatform(in FlowKey flow)
    {
        var subnet = _subnet?.DecidePlatform(flow, NsgLevel.Subnet) ?? Absent(NsgLevel.Subnet);
        var nic = _nic?.DecidePlatform(flow, NsgLevel.Nic) ?? Absent(NsgLevel.Nic);
        var decision = DecisionRules.Combine(flow.Direction, new AdminLevelResult(null, Outcomes.Allow, ruleIsSure: true), subnet, nic);
        return decision is { Decision: Decision.Allow, Rule: null } ? decision with { DecidingLevel = NsgLevel.Platform } : decision;
    }

    private static NsgLevelResult Absent(NsgLevel level) => new(level, nsg: null, rule: null, Outcomes.Allow, ruleIsSure: true);
}
