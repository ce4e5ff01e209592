using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Evaluation;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Findings.Rules;

/// <summary>What findings that need the rules work with: the network and the Services as of the last recorded tuple.</summary>
internal sealed class EngineContext
{
    private readonly Lazy<RecordedClients> _clients;
    private readonly Lazy<IReadOnlyList<FlowClass>> _classes;
    private readonly Lazy<ILookup<(string, string), FlowClass>> _hits;

    public EngineContext(LakeDatabase database, NetworkModel model)
    {
        (Database, Model) = (database, model);
        using (var rows = database.Read("select min(first_seen), max(last_seen) from log_summary", null))
            (First, At) = rows.Read().Select(r => ((DateTime?)r[0], (DateTime?)r[1])).Select(t => (t.Item1 ?? model.Latest(database), t.Item2 ?? model.Latest(database))).Single();
        State = model.At(At);
        Paths = ServicePath.All(model.Inventory, At);
        Names = new FlowNames(model.Inventory);
        _clients = new Lazy<RecordedClients>(() => new RecordedClients(database));
        _classes = new Lazy<IReadOnlyList<FlowClass>>(() => [.. FlowClasses.Read(database, model, FlowClassScope.Decided)]);
        _hits = new Lazy<ILookup<(string, string), FlowClass>>(ReadHits);
    }

    public LakeDatabase Database { get; }

    public NetworkModel Model { get; }

    public NetworkState State { get; }

    public IReadOnlyList<ServicePath> Paths { get; }

    public FlowNames Names { get; }

    /// <summary>The first and the last recorded tuple, UTC.</summary>
    public DateTime First { get; }

    public DateTime At { get; }

    /// <summary>All recorded flows by class; read once, when the first finding asks.</summary>
    public IReadOnlyList<FlowClass> Classes => _classes.Value;

    /// <summary>
    /// The recorded flows that a rule decided at its level, by replay: logs show an allowed flow at one level only, so what
    /// they name is not all that a rule matched.
    /// </summary>
    public IEnumerable<FlowClass> Hits(NetworkSecurityGroup nsg, NsgRule rule) => _hits.Value[(nsg.Name.ToLowerInvariant(), rule.Name.ToLowerInvariant())];

    public IReadOnlyList<string> ClientsOf(ServicePath path) => _clients.Value.Of(path);

    /// <summary>NSGs that guard nodes of the cluster, with a place for each where it is asked.</summary>
    public IEnumerable<(NetworkSecurityGroup Nsg, NicPlace Place)> NodeNsgs => State.Nics.Where(n => n.Node is not null)
        .SelectMany(n => new[] { n.SubnetNsg, n.NicNsg }.Select(State.Nsg).OfType<NetworkSecurityGroup>().Select(g => (g, n)))
        .DistinctBy(p => (p.g.Name, p.n.SubnetId)).OrderBy(p => p.g.Name, StringComparer.Ordinal).ThenBy(p => p.n.SubnetId, StringComparer.Ordinal);

    /// <summary>When the state began, as far as the logs reach.</summary>
    public DateTime Since => State.From > First ? State.From : First;

    /// <summary>SQL that shows a rule (or all rules of an NSG) as it was at the end of the window; it returns one row per rule.</summary>
    public string RuleSql(string nsg, string? rule = null) =>
        $"select nsg, rule, priority, direction, decision, protocol, sources, source_ports, destinations, destination_ports from nsg_rules where nsg = {SqlText.Literal(nsg)}"
        + (rule is null ? " and not is_default" : $" and rule = {SqlText.Literal(rule)}") + $" and {SqlText.Time(At)} >= valid_from and {SqlText.Time(At)} < valid_to order by direction, priority";

    public long Count(string sql)
    {
        using var rows = Database.Read($"select count(*) from ({sql})", null);
        return (long)rows.Read().Single()[0]!;
    }

    /// <summary>A finding about the state of the rules rather than about rows of the log.</summary>
    public Finding Build(string id, Severity severity, string subject, string explanation, FindingParts parts)
    {
        var sql = parts.Sql ?? RuleSql(parts.Nsg ?? "", parts.Rule);
        List<KeyValuePair<string, object?>> evidence = [.. parts.Evidence.Where(e => e.Value is not null)];
        if (parts.Rule is not null)
            evidence.Insert(0, new("rule", parts.Rule));
        if (parts.Nsg is not null)
            evidence.Insert(0, new("nsg", parts.Nsg));
        evidence.Add(new("sql", sql));
        return new Finding
        {
            Id = id,
            Title = EngineFindings.TitleOf(id),
            Severity = severity,
            Confidence = parts.Confidence,
            Subject = subject,
            FirstSeen = parts.FirstSeen ?? Since,
            LastSeen = parts.LastSeen ?? At,
            Count = Count(sql),
            Explanation = explanation,
            Evidence = evidence,
            Limits = parts.Limits,
            Attack = parts.Attack,
            Fix = parts.Fix is null ? null : new FindingFix(parts.Fix),
        };
    }

    private ILookup<(string, string), FlowClass> ReadHits() =>
        Classes.SelectMany(c => Asked(c).Select(l => (Key: (l.Nsg!.Name.ToLowerInvariant(), l.Rule!.Name.ToLowerInvariant()), Class: c))).ToLookup(p => p.Key, p => p.Class);

    /// <summary>The levels that were asked about a flow: the second one only when the first lets it through.</summary>
    private IEnumerable<NsgLevelResult> Asked(FlowClass flow)
    {
        var state = Model.Epoch(flow.Epoch);
        if (state.NicByMac(flow.Mac) is not { } nic || flow.Flow.Direction == Direction.Unknown)
            return [];

        var decision = state.Decide(nic, flow.Flow);
        var (first, second) = flow.Flow.Direction == Direction.Inbound ? (decision.Subnet, decision.Nic) : (decision.Nic, decision.Subnet);
        return (first.Decision == Decision.Deny ? new[] { first } : [first, second]).Where(l => l.Rule is not null);
    }

}

/// <summary>What goes into a finding besides its sentence.</summary>
internal sealed record FindingParts
{
    public string? Nsg { get; init; }

    public string? Rule { get; init; }

    public IReadOnlyList<KeyValuePair<string, object?>> Evidence { get; init; } = [];

    public string? Sql { get; init; }

    public string? Fix { get; init; }

    public Confidence Confidence { get; init; } = Confidence.High;

    public IReadOnlyList<string> Limits { get; init; } = [];

    public IReadOnlyList<AttackTechnique> Attack { get; init; } = [];

    public DateTime? FirstSeen { get; init; }

    public DateTime? LastSeen { get; init; }
}
