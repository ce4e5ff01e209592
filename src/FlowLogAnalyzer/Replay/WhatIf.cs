using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Evaluation;
using FlowLogAnalyzer.Nsg.Import;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Configuration;

namespace FlowLogAnalyzer.Replay;

/// <summary><c>replay --nsg</c>: what proposed NSGs would have done to the recorded flows.</summary>
public sealed class WhatIf
{
    private readonly NetworkModel _current;
    private readonly NetworkModel _proposed;
    private readonly FlowComparison _comparison;
    private readonly FlowNames _names;
    private readonly RequiredFlows _required;
    private readonly ClientBook _expected;
    private readonly Dictionary<FlipGroup, FlipGroup> _groups = [];
    private long _flows;
    private long _notDecided;
    private DateTime _lastSeen;

    private WhatIf(NetworkModel current, NetworkModel proposed, FlowLogConfiguration configuration)
    {
        (_current, _proposed, _expected) = (current, proposed, new ClientBook(configuration));
        _comparison = new FlowComparison(current);
        _names = new FlowNames(current.Inventory);
        _required = new RequiredFlows(current, _names);
    }

    /// <param name="database">The lake.</param>
    /// <param name="current">The exported rules.</param>
    /// <param name="proposed">Each takes the place of the exported NSG with its id, else its name.</param>
    /// <param name="configuration">What flowlog.json says: clients that are expected.</param>
    /// <param name="cancellation">Cancels.</param>
    public static WhatIfResult Run(LakeDatabase database, NetworkModel current, NsgImport proposed, FlowLogConfiguration? configuration = null, CancellationToken cancellation = default)
    {
        var run = new WhatIf(current, current.With(proposed.Nsgs), configuration ?? FlowLogConfiguration.None);
        foreach (var flow in FlowClasses.Read(database, current))
        {
            cancellation.ThrowIfCancellationRequested();
            run.Add(flow);
        }

        return run.Result(database, proposed);
    }

    /// <summary>Why there is nothing to try: no file holds an NSG, or none of those takes the place of an exported one. Null when one does.</summary>
    public static string? NothingProposed(NetworkModel current, NsgImport proposed, IEnumerable<string> files)
    {
        var state = current.Epoch(current.Boundaries.Count);
        if (proposed.Nsgs.Any(n => state.Matching(n) is not null))
            return null;

        var names = string.Join(", ", files);
        return proposed.Nsgs.Count == 0
            ? string.Join(' ', proposed.Notes.Prepend($"There is no NSG in {names}, so no rule was tried. Expected are NSGs as az network nsg list, an ARM template (az bicep build) or terraform show -json writes them."))
            : $"None of the NSGs in {names} ({string.Join(", ", proposed.Nsgs.Select(n => n.Name).Distinct().Order(StringComparer.Ordinal))}) has the id or the name of one in the inventory, so no rule was tried. "
                + $"In the inventory are {string.Join(", ", state.Nsgs.Select(n => n.Name).Order(StringComparer.Ordinal))}.";
    }

    private void Add(FlowClass flow)
    {
        _flows += flow.Flows;
        _lastSeen = flow.LastSeen > _lastSeen ? flow.LastSeen : _lastSeen;
        var before = _comparison.Compare(flow);
        if (before.Outcome != ReplayOutcome.Agrees)
        {
            _notDecided += flow.Flows;
            return;
        }

        var state = _proposed.Epoch(flow.Epoch);
        var nic = state.NicByMac(flow.Mac) ?? before.Nic!;
        var after = state.Decide(nic, flow.Flow);
        if (after.Decision == before.Decision.Decision)
            return;

        if (!after.IsDecided)
            _notDecided += flow.Flows;
        Count(Group(flow, nic, after), flow);
    }

    private void Count(FlipGroup key, FlowClass flow)
    {
        var group = _groups.GetValueOrDefault(key, key with { FirstSeen = flow.FirstSeen, LastSeen = flow.LastSeen, Example = Example(flow) });
        _groups[key] = group with
        {
            Flows = group.Flows + flow.Flows,
            Bytes = group.Bytes + flow.Bytes,
            FirstSeen = flow.FirstSeen < group.FirstSeen ? flow.FirstSeen : group.FirstSeen,
            LastSeen = flow.LastSeen > group.LastSeen ? flow.LastSeen : group.LastSeen,
            Example = flow.FirstSeen > group.FirstSeen ? group.Example : Earlier(group, flow),
        };
    }

    /// <summary>The first one of a group; of several at one time always the same, since the engine hands out classes in any order.</summary>
    private string Earlier(FlipGroup group, FlowClass flow)
    {
        var example = Example(flow);
        return flow.FirstSeen < group.FirstSeen || string.CompareOrdinal(example, group.Example) < 0 ? example : group.Example;
    }

    private string Example(FlowClass flow) => $"{flow.Text} at {_current.Epoch(flow.Epoch).NicByMac(flow.Mac)?.Name ?? flow.Mac}";

    private FlipGroup Group(FlowClass flow, NicPlace nic, in NsgDecision after) => new()
    {
        ExpectedBy = flow.Flow.Direction == Direction.Inbound && _names.Facts(flow.Flow.Destination, flow.FirstSeen).Service is { } service && _expected.IsDeclared(service, flow.Flow.Source) ? service : null,
        From = flow.Decision,
        To = after.Decision,
        Source = _names.Role(flow.Flow.Source, flow.FirstSeen),
        Destination = _names.Role(flow.Flow.Destination, flow.FirstSeen),
        Service = _names.Facts(flow.Flow.Destination, flow.FirstSeen).Service,
        Port = flow.Flow.DestinationPort,
        Protocol = IpProtocols.Name(flow.Flow.Protocol),
        Direction = flow.Flow.Direction,
        OldRule = $"{SelfCheck.ShortName(flow.Acl)}/{RuleNames.Strip(flow.Rule!)}",
        NewRule = after.Rule is { } rule ? $"{after.Nsg!.Name.ToLowerInvariant()}/{rule.Name}" : after.IsDecided ? "no NSG" : "undecided",
        Required = _required.Reason(flow, nic),
        Example = "",
    };

    private WhatIfResult Result(LakeDatabase database, NsgImport proposed)
    {
        var flips = _groups.Values.OrderByDescending(g => g.To == Decision.Deny).ThenByDescending(g => g.Required is not null).ThenByDescending(g => g.Flows)
            .ThenBy(g => g.Example, StringComparer.Ordinal).ThenBy(g => g.NewRule, StringComparer.Ordinal).ToList();
        var (denied, allowed) = (Sum(flips, Decision.Deny), Sum(flips, Decision.Allow));
        return new WhatIfResult
        {
            Flows = _flows,
            Unchanged = _flows - denied - allowed - _notDecided,
            AllowedToDenied = denied,
            DeniedToAllowed = allowed,
            NotDecided = _notDecided,
            RequiredDenied = flips.Where(f => f.To == Decision.Deny && f.Required is not null).Sum(f => f.Flows),
            ExpectedDenied = flips.Where(f => f.To == Decision.Deny && f.ExpectedBy is not null).Sum(f => f.Flows),
            Flips = flips,
            Tags = TagReport.Of(_proposed),
            Effects = Effects(database),
            Notes = [.. proposed.Notes, .. Unmatched(proposed.Nsgs)],
            Limits = ReplayLimits.Of(_notDecided),
        };
    }

    private static long Sum(List<FlipGroup> flips, Decision to) => flips.Where(f => f.To == to).Sum(f => f.Flows);

    /// <summary>The model of rotation and failure shares, as of the last recorded flow.</summary>
    private List<string> Effects(LakeDatabase database)
    {
        if (_flows == 0)
            return [];

        var clients = new RecordedClients(database);
        var (before, after) = (_current.At(_lastSeen), _proposed.At(_lastSeen));
        return
        [
            .. ServicePath.All(_current.Inventory, _lastSeen).SelectMany(path => ShareText.Changes(
                ServiceHealth.Of(path, before, clients.Of(path)), ServiceHealth.Of(path, after, clients.Of(path)))),
        ];
    }

    private IEnumerable<string> Unmatched(IReadOnlyList<NetworkSecurityGroup> proposed)
    {
        var state = _current.Epoch(_current.Boundaries.Count);
        foreach (var nsg in proposed.Where(n => state.Matching(n) is null))
            yield return $"The proposed NSG {nsg.Name} has neither the id nor the name of an exported one, so it changes nothing. Exported are {string.Join(", ", state.Nsgs.Select(n => n.Name).Order(StringComparer.Ordinal))}.";
    }
}
