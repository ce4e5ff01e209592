using System.Globalization;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Network;

/// <summary>
/// Reads the classes of a lake: the engine groups, so that rules are asked once per class and not once per row.
/// Only events at which a rule decided count (begin, denied, every v1 tuple): a flow that exists keeps going whatever rules say
/// (Azure docs, network-security-groups-overview). A SYN that is repeated within two minutes of a refusal is the same flow.
/// A NIC's hour that is in both kinds of log is taken from the VNet log.
/// </summary>
internal static class FlowClasses
{
    private const string Key = "mac, direction, protocol, src_ip, src_port, dst_ip, dst_port";

    /// <summary>Few rules decide millions of flows: rows are grouped by a number, not by the long texts behind it.</summary>
    private const string Deciders = "select *, dense_rank() over (order by decision, rule, acl_id, rule_class, log) as decider from tuple_kinds";

    /// <param name="database">The lake.</param>
    /// <param name="model">Says where epochs begin, and whether source ports matter.</param>
    /// <param name="scope">Which rows to count.</param>
    /// <param name="sources">Leaves out what others sent; null = nobody.</param>
    public static IEnumerable<FlowClass> Read(LakeDatabase database, NetworkModel model, FlowClassScope scope = FlowClassScope.AllRows, IReadOnlyList<string>? sources = null)
    {
        var deciders = ReadDeciders(database);
        using var rows = database.Read(Sql(model, Rows(scope, sources is null ? "" : $" and t.src_ip in {SqlText.Value(sources)}")), null);
        foreach (var row in rows.Read())
        {
            if (ToClass(row, deciders[(long)row[7]!]) is { } flow)
                yield return flow;
        }
    }

    private static Dictionary<long, LoggedDecider> ReadDeciders(LakeDatabase database)
    {
        using var rows = database.Read($"select distinct decider, decision, rule, acl_id, rule_class, log from ({Deciders})", null);
        return rows.Read().ToDictionary(row => (long)row[0]!, row => new LoggedDecider(DecisionOf(row[1]), (string?)row[2], (string?)row[3], (string)row[4]!, (string)row[5]!));
    }

    private static string Sql(NetworkModel model, string rows)
    {
        var port = model.UsesSourcePorts ? "src_port" : "0";
        var epoch = model.Boundaries.Count == 0 ? "0" : string.Join(" + ", model.Boundaries.Select(b => $"(decided_at >= {SqlText.Time(b)})::integer"));

        // The rows stand there twice instead of being named once: the allowed ones, which are most, are then grouped as they
        // are read and never kept.
        return $"""
            with deciders as (
              {Deciders}
            ), refused as (
              select *, lag(time) over (partition by {Key} order by time) as before
              from ({rows}) r
              where decision = 'Deny'
            ), attempts as (
              select {Key}, decider, time, bytes, before is null or not is_repeat(time, before) as starts
              from refused
            ), events as (
              select {Key}, decider, bytes, time, (starts)::boolean as is_new,
                max(case when starts then time end) over (partition by {Key} order by time rows between unbounded preceding and current row) as decided_at
              from attempts
              union all
              select {Key}, decider, bytes, time, (is_new)::boolean, time
              from ({rows}) r
              where coalesce(decision, '') <> 'Deny'
            )
            select mac, direction, protocol, src_ip, {port} as source_port, dst_ip, dst_port, decider, {epoch} as epoch,
              count(*) filter (where is_new) as flows, count(*) as row_count, sum(bytes) as bytes,
              min(time) filter (where is_new) as first_seen, max(time) filter (where is_new) as last_seen
            from events
            group by all
            having count(*) filter (where is_new) > 0
            """;
    }

    private static string Rows(FlowClassScope scope, string condition) => scope == FlowClassScope.AllRows
        ? $"""
          select t.mac as mac, t.direction as direction, t.protocol as protocol, t.src_ip as src_ip, t.src_port as src_port, t.dst_ip as dst_ip, t.dst_port as dst_port,
                t.decision as decision, k.decider as decider, t.time as time, t.is_new as is_new, coalesce(t.bytes_sent, 0) + coalesce(t.bytes_received, 0) as bytes
              from tuples t
              join deciders k on k.kind_id = t.kind_id
              left join double_logged o on o.mac = t.mac and o.hour = t.hour
              where (t.log = 'vnet' or o.mac is null){condition}
          """
        : $"""
          select l.mac, k.direction, k.protocol, t.src_ip, f.src_port, d.dst_ip, f.dst_port, k.decision, k.decider, f.time, true as is_new, 0 as bytes
              from facts f
              join deciders k on k.kind_id = f.kind_id
              join logs l on l.log_id = f.log_id
              join sources t on t.src_id = f.src_id
              join destinations d on d.dst_id = f.dst_id
              where {(scope == FlowClassScope.Refused ? "k.decision = 'Deny'" : "true")}{condition}
          """;

    private static FlowClass? ToClass(object?[] row, LoggedDecider decider)
    {
        if (!IpAddressKey.TryParse((string?)row[3], out var source) || !IpAddressKey.TryParse((string?)row[5], out var destination))
            return null;

        return new FlowClass
        {
            Mac = (string?)row[0],
            Flow = new FlowKey(DirectionOf(row[1]), (byte)Number(row[2]), source, (ushort)Number(row[4]), destination, (ushort)Number(row[6])),
            Decision = decider.Decision,
            Rule = decider.Rule,
            Acl = decider.Acl,
            RuleClass = decider.RuleClass,
            Log = decider.Log,
            Epoch = (int)Number(row[8]),
            Flows = Number(row[9]),
            Rows = Number(row[10]),
            Bytes = Number(row[11]),
            FirstSeen = (DateTime)row[12]!,
            LastSeen = (DateTime)row[13]!,
        };
    }

    public static Direction DirectionOf(object? cell) => (string?)cell switch
    {
        "Inbound" => Direction.Inbound,
        "Outbound" => Direction.Outbound,
        _ => Direction.Unknown,
    };

    private static Decision DecisionOf(object? cell) => (string?)cell switch
    {
        "Allow" => Decision.Allow,
        "Deny" => Decision.Deny,
        _ => Decision.Unknown,
    };

    private static long Number(object? cell) => cell is null ? 0 : Convert.ToInt64(cell, CultureInfo.InvariantCulture);

    /// <summary>What the log says decided.</summary>
    private sealed record LoggedDecider(Decision Decision, string? Rule, string? Acl, string RuleClass, string Log);
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
