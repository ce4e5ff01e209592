using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Graphs;

/// <summary>New connections from one end to another: ends are workloads, pools, machines and Services, not addresses.</summary>
public sealed record GraphEdge(string Source, string Destination, IReadOnlyList<long> Ports, long Allowed, long Denied);

/// <summary>Who talks to whom around one end, the busiest edges first; <paramref name="LeftOut"/> edges were beyond the limit.</summary>
public sealed record TrafficGraph(IReadOnlyList<string> Centre, IReadOnlyList<GraphEdge> Edges, int LeftOut)
{
    /// <summary>More ends than that cannot be read: workloads and machines are then shown by pool and subnet.</summary>
    private const int MostEnds = 24;

    /// <summary>True when there were too many ends.</summary>
    public bool IsByPool { get; init; }

    /// <param name="database">The lake.</param>
    /// <param name="around">An address, a role (system, ingress, user), a pool, or the name of a workload, node, machine or Service.</param>
    /// <param name="most">Edges to keep; refused ones are kept first.</param>
    public static TrafficGraph Around(LakeDatabase database, string around, int most)
    {
        var all = Read(database, around, byPool: false);
        var isTooMuch = all.SelectMany(r => new[] { r[0], r[1] }).Distinct().Count() > MostEnds;
        return Of(isTooMuch ? Read(database, around, byPool: true) : all, most) with { IsByPool = isTooMuch };
    }

    private static List<object?[]> Read(LakeDatabase database, string around, bool byPool)
    {
        var word = SqlText.Literal(around);
        var isAddress = IpAddressKey.TryParse(around, out var key);
        string At(string end) => isAddress
            ? $"{end}_ip = {SqlText.Literal(key.ToString())}"
            : $"coalesce({end}_role = {word} or {end}_pool = {word} or {end}_name = {word} or {end}_node = {word} or {end}_workload = {word} or {(end == "src" ? "source" : "destination")} = {word}, false)";

        string End(string end, string name) => byPool
            ? $"case when {end}_kind in ('pod', 'pod_unknown') then coalesce('pods of ' || {end}_pool, 'pods') when {end}_kind = 'vm' then coalesce('machines of ' || {end}_subnet, 'machines') else {name} end"
            : name;

        using var rows = database.Read($"""
            select {End("src", "source")} as caller, {End("dst", "destination")} as called, list_sort(list(distinct dst_port)) as ports,
              count(*) filter (where decision = 'Allow') as allowed, count(*) filter (where decision = 'Deny') as denied,
              bool_or({At("src")}) as from_centre, bool_or({At("dst")}) as to_centre
            from edge_tuples e
            where is_new and ({At("src")} or {At("dst")})
              -- What its sender's NIC let out says nothing where the receiver's NIC logs as well.
              and (direction = 'Inbound' or decision = 'Deny' or (dst_kind not in ('node', 'pod', 'pod_unknown', 'lb_frontend') and not exists (
                select 1 from lake_tuples i
                where i.direction = 'Inbound' and i.src_ip = e.src_ip and i.src_port = e.src_port and i.dst_ip = e.dst_ip and i.dst_port = e.dst_port and i.protocol = e.protocol
              )))
            group by caller, called
            order by (count(*) filter (where decision = 'Deny') > 0) desc, count(*) desc, caller, called
            """, null);
        return [.. rows.Read()];
    }

    private static TrafficGraph Of(List<object?[]> all, int most)
    {
        var edges = all.Take(most).Select(r => new GraphEdge((string)r[0]!, (string)r[1]!, [.. ((IEnumerable<object?>)r[2]!).Cast<long>()], (long)r[3]!, (long)r[4]!)).ToList();
        var centre = all.SelectMany(r => new[] { (bool)r[5]! ? (string)r[0]! : null, (bool)r[6]! ? (string)r[1]! : null }).OfType<string>().Distinct().Order(StringComparer.Ordinal);
        return new TrafficGraph([.. centre], edges, all.Count - edges.Count);
    }
}
