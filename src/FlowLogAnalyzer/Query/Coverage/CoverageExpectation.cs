using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Query.Coverage;

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

    /// <summary>In lower case and short: exports call NSGs, subnets and networks by name or by id.</summary>
    private const string NicSql = """
        select n.mac, coalesce(n.node, n.name, n.nic), (n.node is not null)::boolean, n.valid_from, n.valid_to,
          lower(short_name(n.nic_nsg)), lower(short_name(n.subnet_nsg)), lower(short_name(n.nic)), lower(short_name(n.subnet))
        from nics n where n.mac is not null order by n.mac, n.valid_from
        """;

    private const string FlowLogSql = """
        select kind, lower(short_name(target)), coalesce(record_types, ''), coalesce(filter, '') from flow_logs where coalesce(enabled, true)
        """;

    private const string NetworkSql = "select lower(subnet), lower(short_name(min(vnet))) from subnets where subnet is not null group by lower(subnet)";

    /// <summary>What a flow log with all states of flows writes.</summary>
    private const string AllRecordTypes = "B,C,E,D";

    /// <summary>
    /// Whether the NIC should have a blob of an hour. When a NIC came or went between two snapshots, nobody knows when: then
    /// its first and last blobs tell.
    /// </summary>
    /// <param name="hour">Its start, UTC.</param>
    /// <param name="logged">Hours of the NIC's first and last blob in the lake; null when it has none.</param>
    public bool MayHaveExisted(DateTime hour, (DateTime First, DateTime Last)? logged) =>
        From < new BlobHour(hour).EndUtc && To > hour
        && (logged is not { } life || ((From == InventorySchema.BeginningOfTime || hour >= life.First) && (To == InventorySchema.EndOfTime || hour <= life.Last)));

    /// <summary>Blobs of an hour: one per logged NSG, and one for the VNet.</summary>
    public int Blobs => LoggedNsgs.Count + (IsVnetLogged ? 1 : 0);

    public static IReadOnlyList<CoverageExpectation> Read(LakeDatabase database)
    {
        var networks = Rows(database, NetworkSql).ToDictionary(r => (string)r[0]!, r => (string?)r[1], StringComparer.Ordinal);
        var logs = Rows(database, FlowLogSql).ConvertAll(r => new FlowLog((string?)r[0], (string?)r[1], (string)r[2]!, (string)r[3]!));
        return [.. Rows(database, NicSql).Select(r => Of(r, networks.GetValueOrDefault((string?)r[8] ?? ""), logs))];
    }

    /// <summary>Of several VNet flow logs that cover a NIC one writes (Azure docs, vnet-flow-logs-overview).</summary>
    private static CoverageExpectation Of(object?[] nic, string? network, List<FlowLog> logs)
    {
        string[] nsgs = [.. new[] { (string?)nic[5], (string?)nic[6] }.Where(n => !string.IsNullOrEmpty(n)).Distinct(StringComparer.Ordinal)!];
        var ofNsgs = logs.Where(l => l.Kind == "nsg" && nsgs.Contains(l.Target)).ToList();
        var ofNetwork = logs.Where(l => l.Target is not null && l.Target == l.Kind switch { "vnet" => network, "subnet" => (string?)nic[8], "nic" => (string?)nic[7], _ => null }).ToList();
        List<FlowLog> all = [.. ofNsgs, .. ofNetwork];
        return new((string)nic[0]!, (string?)nic[1], (bool)nic[2]!, (DateTime)nic[3]!, (DateTime)nic[4]!)
        {
            Nsgs = nsgs,
            LoggedNsgs = [.. ofNsgs.Select(l => l.Target!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            IsVnetLogged = ofNetwork.Count > 0,
            Filters = [.. new[] { Joined(all.Select(l => l.RecordTypes).Where(t => t != AllRecordTypes)), Joined(all.Select(l => l.Filter)) }.Where(f => f.Length > 0)],
        };
    }

    private static string Joined(IEnumerable<string> texts) => string.Join(';', texts.Where(t => t.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    private static List<object?[]> Rows(LakeDatabase database, string sql)
    {
        using var rows = database.Query(sql);
        return [.. rows.Read()];
    }

    private sealed record FlowLog(string? Kind, string? Target, string RecordTypes, string Filter);
}
