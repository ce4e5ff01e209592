using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Replay;

namespace FlowLogAnalyzer.Reach;

/// <summary>Recorded connections of a suspect that rules would refuse, with what they are for as far as anything known needs them.</summary>
internal sealed class Collateral(ReachContext context, NetworkState contained)
{
    private readonly FlowNames _names = new(context.Model.Inventory);

    public IReadOnlyList<CollateralFlows> Of(IReadOnlyList<string> sources)
    {
        var required = new RequiredFlows(context.Model, _names);
        var scrapers = Scrapers();
        var refused = FlowClasses.Read(context.Database, context.Model, sources: sources)
            .Where(c => c.Decision == Decision.Allow && context.State.NicByMac(c.Mac) is { } nic && context.State.Decide(nic, c.Flow).Decision == Decision.Allow && contained.Decide(nic, c.Flow).Decision == Decision.Deny)
            .Select(c => (Class: c, UsedFor: UsedFor(c, scrapers), Required: required.Reason(c, context.State.NicByMac(c.Mac)!)));
        return
        [
            .. refused.GroupBy(r => (From: _names.Role(r.Class.Flow.Source, r.Class.FirstSeen), To: _names.Role(r.Class.Flow.Destination, r.Class.FirstSeen), r.Class.Flow.DestinationPort, r.Class.Flow.Protocol, r.UsedFor, r.Required))
                .Select(g => new CollateralFlows
                {
                    Source = g.Key.From,
                    Destination = g.Key.To,
                    Port = g.Key.DestinationPort,
                    Protocol = IpProtocols.Name(g.Key.Protocol),
                    Flows = g.Sum(r => r.Class.Flows),
                    UsedFor = g.Key.UsedFor,
                    Required = g.Key.Required,
                    Example = g.Select(r => r.Class.Text).Order(StringComparer.Ordinal).First(),
                })
                .OrderByDescending(c => c.UsedFor is not null).ThenByDescending(c => c.Required is not null).ThenByDescending(c => c.Flows).ThenBy(c => c.Example, StringComparer.Ordinal),
        ];
    }

    private string? UsedFor(FlowClass flow, HashSet<string> scrapers)
    {
        var (at, destination, port) = (flow.FirstSeen, flow.Flow.Destination.ToString(), flow.Flow.DestinationPort);
        var facts = _names.Facts(flow.Flow.Destination, at);
        return facts switch
        {
            { Kind: AddressKinds.Frontend } => facts.Service,
            { Kind: AddressKinds.ApiServer } => "API server",
            { Kind: AddressKinds.Node } when port == 10250 && scrapers.Contains(flow.Flow.Source.ToString()) => "kubelet metrics",
            { Kind: AddressKinds.Public } when port is 443 or 123 => port == 443 ? "HTTPS to the internet" : "time",
            _ => context.Model.Inventory.At(InventorySchema.Endpoints, at).Where(e => e.Text("ip") == destination && e.Number("target_port") == port).Select(e => $"pods of {e.Text("service")}").FirstOrDefault(),
        };
    }

    /// <summary>Who may ask kubelets.</summary>
    private HashSet<string> Scrapers()
    {
        using var rows = context.Database.Read("select distinct ip from kubelet_clients where ip is not null", null);
        return [.. rows.Read().Select(r => (string)r[0]!)];
    }
}
