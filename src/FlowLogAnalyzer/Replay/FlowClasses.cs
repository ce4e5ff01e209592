using System.Globalization;
using FlowLogAnalyzer.Analysis;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;

namespace FlowLogAnalyzer.Replay;

/// <summary>
/// Reads the classes of a lake: the engine groups, so that rules are asked once per class and not once per row.
/// Only events at which a rule decided count (begin, denied, every v1 tuple): a flow that exists keeps going whatever rules say
/// (Azure docs, network-security-groups-overview). A SYN that is repeated within two minutes of a refusal is the same flow.
/// A NIC's hour that is in both kinds of log is taken from the VNet log.
/// </summary>
internal static class FlowClasses
{
    private const string Key = "mac, direction, protocol, src_id, src_port, dst_id, dst_port";

    /// <param name="database">The lake.</param>
    /// <param name="model">Says where epochs begin, and whether source ports matter.</param>
    /// <param name="scope">Which rows to count.</param>
    public static IEnumerable<FlowClass> Read(LakeDatabase database, NetworkModel model, FlowClassScope scope = FlowClassScope.AllRows)
    {
        using var rows = database.Read(Sql(model, scope), null);
        foreach (var row in rows.Read())
        {
            if (ToClass(row) is { } flow)
                yield return flow;
        }
    }

    /// <summary>Counts by numbers, and joins names to the classes.</summary>
    private static string Sql(NetworkModel model, FlowClassScope scope)
    {
        var port = model.UsesSourcePorts ? "src_port" : "0";
        var epoch = model.Boundaries.Count == 0 ? "0" : string.Join(" + ", model.Boundaries.Select(b => $"(decided_at >= {SqlText.Time(b)})::integer"));
        return $"""
            with rows as (
              {Rows(scope)}
            ), refused as (
              select *, lag(time) over (partition by {Key} order by time) as before
              from rows
              where decision = 'Deny'
            ), attempts as (
              select * exclude (before), before is null or epoch_ms(time) - epoch_ms(before) > 120000 as starts
              from refused
            ), events as (
              select * exclude (starts, is_new), starts as is_new, max(case when starts then time end) over (partition by {Key} order by time rows unbounded preceding) as decided_at
              from attempts
              union all by name
              select *, time as decided_at
              from rows
              where decision is distinct from 'Deny'
            ), numbered as (
              select mac, src_id, {port} as source_port, dst_id, dst_port, kind_id, {epoch} as epoch,
                count(*) filter (where is_new) as flows, count(*) as row_count, sum(bytes) as bytes,
                min(time) filter (where is_new) as first_seen, max(time) filter (where is_new) as last_seen
              from events
              group by all
            )
            select n.mac, k.direction, k.protocol, s.src_ip, n.source_port, d.dst_ip, n.dst_port, k.decision, k.rule, k.acl_id, k.rule_class, k.log, n.epoch,
              sum(n.flows) as flows, sum(n.row_count) as row_count, sum(n.bytes) as bytes, min(n.first_seen) as first_seen, max(n.last_seen) as last_seen
            from numbered n
            join tuple_kinds k on k.kind_id = n.kind_id
            join sources s on s.src_id = n.src_id
            join destinations d on d.dst_id = n.dst_id
            group by n.mac, k.direction, k.protocol, s.src_ip, n.source_port, d.dst_ip, n.dst_port, k.decision, k.rule, k.acl_id, k.rule_class, k.log, n.epoch
            having sum(n.flows) > 0
            """;
    }

    private static string Rows(FlowClassScope scope) => scope == FlowClassScope.AllRows
        ? """
          select mac, direction, protocol, src_id, src_port, dst_id, dst_port, decision, kind_id, time, is_new, coalesce(bytes_sent, 0) + coalesce(bytes_received, 0) as bytes
              from owned_tuples
              where not is_repeated
          """
        : $"""
          select l.mac, k.direction, k.protocol, f.src_id, f.src_port, f.dst_id, f.dst_port, k.decision, f.kind_id, f.time, true as is_new, 0 as bytes
              from facts f
              join tuple_kinds k on k.kind_id = f.kind_id
              join logs l on l.log_id = f.log_id
              {(scope == FlowClassScope.Refused ? "where k.decision = 'Deny'" : "")}
          """;

    private static FlowClass? ToClass(object?[] row)
    {
        if (!IpAddressKey.TryParse((string?)row[3], out var source) || !IpAddressKey.TryParse((string?)row[5], out var destination))
            return null;

        return new FlowClass
        {
            Mac = (string?)row[0],
            Flow = new FlowKey(DirectionOf(row[1]), (byte)Number(row[2]), source, (ushort)Number(row[4]), destination, (ushort)Number(row[6])),
            Decision = (string?)row[7] == "Allow" ? Decision.Allow : (string?)row[7] == "Deny" ? Decision.Deny : Decision.Unknown,
            Rule = (string?)row[8],
            Acl = (string?)row[9],
            RuleClass = (string)row[10]!,
            Log = (string)row[11]!,
            Epoch = (int)Number(row[12]),
            Flows = Number(row[13]),
            Rows = Number(row[14]),
            Bytes = Number(row[15]),
            FirstSeen = (DateTime)row[16]!,
            LastSeen = (DateTime)row[17]!,
        };
    }

    public static Direction DirectionOf(object? cell) => (string?)cell switch
    {
        "Inbound" => Direction.Inbound,
        "Outbound" => Direction.Outbound,
        _ => Direction.Unknown,
    };

    private static long Number(object? cell) => cell is null ? 0 : Convert.ToInt64(cell, CultureInfo.InvariantCulture);
}

/// <summary>Which rows of the logs classes are counted from.</summary>
internal enum FlowClassScope
{
    /// <summary>All, so that rows and bytes are those of whole flows.</summary>
    AllRows,

    /// <summary>Only those at which a rule decided: cheap in a check, which has them as a table. Rows are those, bytes are 0.</summary>
    Decided,

    /// <summary>As <see cref="Decided"/>, and refused.</summary>
    Refused,
}
