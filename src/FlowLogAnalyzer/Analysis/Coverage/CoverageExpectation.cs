using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Analysis.Coverage;

/// <summary>What the inventory says of a NIC: which of its flows are logged, where, and what is left out on purpose.</summary>
/// <param name="Mac">The NIC.</param>
/// <param name="Name">Node or NIC.</param>
/// <param name="IsNode">Nodes are never silent for an hour: probes and the API server see to that.</param>
/// <param name="From">Valid from, UTC.</param>
/// <param name="To">Valid to, UTC.</param>
internal sealed record CoverageExpectation(string Mac, string? Name, bool IsNode, DateTime From, DateTime To)
{
    /// <summary>NSGs that guard the NIC, lower case: its own and its subnet's.</summary>
    public required IReadOnlyList<string> Nsgs { get; init; }

    /// <summary>Of these, those with a flow log that is switched on.</summary>
    public required IReadOnlyList<string> LoggedNsgs { get; init; }

    /// <summary>True when a VNet flow log that is switched on covers the NIC.</summary>
    public required bool IsVnetLogged { get; init; }

    /// <summary>Filters of these flow logs, as configured.</summary>
    public required IReadOnlyList<string> Filters { get; init; }

    /// <summary>
    /// Joined by short names: exports call NSGs, subnets and networks by name or by id. Of several VNet flow logs that cover
    /// a NIC one writes (Azure docs, vnet-flow-logs-overview).
    /// </summary>
    private const string Sql = """
        with logs as (
          select kind, lower(short_name(target)) as target, coalesce(record_types, '') as record_types, coalesce(filter, '') as filter
          from flow_logs where coalesce(enabled, true)
        ), guarded as (
          select n.mac, coalesce(n.node, n.name, n.nic) as name, n.node is not null as is_node, n.valid_from, n.valid_to,
            lower(short_name(n.nic_nsg)) as nic_nsg, lower(short_name(n.subnet_nsg)) as subnet_nsg, lower(short_name(n.nic)) as nic,
            lower(short_name(n.subnet)) as subnet, (select lower(short_name(min(s.vnet))) from subnets s where lower(s.subnet) = lower(short_name(n.subnet))) as vnet
          from nics n where n.mac is not null
        )
        select g.mac, g.name, g.is_node, g.valid_from, g.valid_to, coalesce(g.nic_nsg, ''), coalesce(g.subnet_nsg, ''),
          coalesce((select string_agg(distinct l.target, ',' order by l.target) from logs l where l.kind = 'nsg' and l.target in (g.nic_nsg, g.subnet_nsg)), '') as logged,
          exists (select 1 from logs l where (l.kind = 'vnet' and l.target = g.vnet) or (l.kind = 'subnet' and l.target = g.subnet) or (l.kind = 'nic' and l.target = g.nic)) as vnet_logged,
          coalesce((select string_agg(distinct nullif(l.record_types, ''), ';') || '' from logs l
            where l.record_types not in ('', 'B,C,E,D') and ((l.kind = 'nsg' and l.target in (g.nic_nsg, g.subnet_nsg)) or (l.kind = 'vnet' and l.target = g.vnet) or (l.kind = 'subnet' and l.target = g.subnet) or (l.kind = 'nic' and l.target = g.nic))), '') as record_types,
          coalesce((select string_agg(distinct nullif(l.filter, ''), ';') from logs l
            where (l.kind = 'nsg' and l.target in (g.nic_nsg, g.subnet_nsg)) or (l.kind = 'vnet' and l.target = g.vnet) or (l.kind = 'subnet' and l.target = g.subnet) or (l.kind = 'nic' and l.target = g.nic)), '') as filter
        from guarded g order by g.mac, g.valid_from
        """;

    /// <summary>
    /// Whether the NIC should have a blob of an hour. When a NIC came or went between two snapshots, nobody knows when: then
    /// its first and last blobs tell.
    /// </summary>
    /// <param name="hour">Its start, UTC.</param>
    /// <param name="logged">Hours of the NIC's first and last blob in the lake; null when it has none.</param>
    public bool MayHaveExisted(DateTime hour, (DateTime First, DateTime Last)? logged) =>
        From < hour.AddHours(1) && To > hour
        && (logged is not { } life || ((From == InventorySchema.BeginningOfTime || hour >= life.First) && (To == InventorySchema.EndOfTime || hour <= life.Last)));

    /// <summary>Blobs of an hour: one per logged NSG, and one for the VNet.</summary>
    public int Blobs => LoggedNsgs.Count + (IsVnetLogged ? 1 : 0);

    public static IReadOnlyList<CoverageExpectation> Read(LakeDatabase database)
    {
        using var rows = database.Query(Sql);
        return [.. rows.Read().Select(Of)];
    }

    private static CoverageExpectation Of(object?[] r) => new((string)r[0]!, (string?)r[1], (bool)r[2]!, Utc(r[3]), Utc(r[4]))
    {
        Nsgs = [.. new[] { (string)r[5]!, (string)r[6]! }.Where(n => n.Length > 0).Distinct(StringComparer.Ordinal)],
        LoggedNsgs = ((string)r[7]!).Split(',', StringSplitOptions.RemoveEmptyEntries),
        IsVnetLogged = (bool)r[8]!,
        Filters = [.. new[] { (string)r[9]!, (string)r[10]! }.Where(f => f.Length > 0)],
    };

    private static DateTime Utc(object? cell) => cell switch
    {
        DateTime time => DateTime.SpecifyKind(time, DateTimeKind.Utc),
        DateTimeOffset time => time.UtcDateTime,
        _ => throw new InvalidDataException($"The inventory holds {cell ?? "nothing"} where a time is expected."),
    };
}
