using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Network;

/// <summary>A port of a Service with the clients that use it.</summary>
public sealed record ServicePortView(ServicePath Path, IReadOnlyList<string> Clients);

/// <summary>All ports of one Service at one time: a repair is one for the whole Service.</summary>
public sealed record ServiceView(string Service, IReadOnlyList<ServicePortView> Ports)
{
    /// <summary>Prefixes that flowlog.json expects clients in; none when it says nothing.</summary>
    public IReadOnlyList<string> ClientRanges { get; init; } = [];

    /// <summary>Who called and is in none of these.</summary>
    public IReadOnlyList<string> Strangers { get; init; } = [];

    /// <summary>Every flow that has to pass for the Service to work.</summary>
    public IEnumerable<PathNeed> Needs(NetworkState state) => Ports.SelectMany(p =>
        PathNeeds.Probes(p.Path, state).Concat(PathNeeds.SecondHops(p.Path, state)).Concat(PathNeeds.Clients(p.Path, state, p.Clients)));

    public IReadOnlyList<ServiceHealth> Health(NetworkState state) => [.. Ports.Select(p => ServiceHealth.Of(p.Path, state, p.Clients))];

    /// <summary>Of the client that is worst off at any port, 0 to 1.</summary>
    public double WorstShare(NetworkState state) => Ports.Count == 0 ? 0 : Health(state).Max(h => h.WorstShare);

    /// <summary>The same Service under another condition, such as another traffic policy.</summary>
    public ServiceView With(Func<ServicePath, ServicePath> change) => this with { Ports = [.. Ports.Select(p => p with { Path = change(p.Path) })] };
}

/// <summary>Who used which Service, from the logs.</summary>
internal sealed class RecordedClients
{
    /// <summary>A source that is refused at so many ports is looking around: it is nobody's client (as in LBC-001).</summary>
    private const int ScanPorts = 15;

    /// <summary>Clients per port that the model is worked out for.</summary>
    private const int MostClients = 20;

    private readonly Dictionary<(string Service, int Port, int Protocol), List<string>> _clients = [];

    public RecordedClients(LakeDatabase database)
    {
        using var rows = database.Read(Sql, null);
        foreach (var row in rows.Read())
        {
            var key = ((string)row[0]!, (int)(long)row[1]!, (int)(long)row[3]!);
            if (!_clients.TryGetValue(key, out var list))
                _clients[key] = list = [];
            if (list.Count < MostClients)
                list.Add((string)row[2]!);
        }
    }

    /// <summary>Addresses that some node admitted, the busiest first.</summary>
    public IReadOnlyList<string> Of(ServicePath path) => _clients.GetValueOrDefault((path.Service, path.Port, path.Protocol), []);

    private static string Sql => $"""
        with scanners as (
          select src_ip from new_flows where decision = 'Deny' group by src_ip having count(distinct dst_port) >= {ScanPorts}
        )
        select service, dst_port::bigint, src_ip, protocol::bigint
        from client_flows
        where src_kind not in ('node', 'pod', 'pod_unknown') and src_ip not in (select src_ip from scanners)
        group by service, dst_port, src_ip, protocol
        having count(*) filter (where decision = 'Allow') > 0
        order by service, dst_port, protocol, count(*) desc, src_ip
        """;
}
