using System.Globalization;

namespace FlowLogAnalyzer.Analysis.Coverage;

/// <summary>What the rows of one blob say: the minutes of its records, rows that come twice, and the layout of its tuples.</summary>
internal sealed record CoverageRows(IReadOnlySet<long> Minutes, long Repeated, string Format)
{
    /// <summary>The same tuples at the same places of two records with the same time: a record that was written twice.</summary>
    private const string Sql = """
        with places as (
          select blob, format, record_time, hash(time, tuple_index, src_ip, src_port, dst_ip, dst_port, protocol, direction, decision, state, rule, packets_sent, bytes_sent, packets_received, bytes_received) as tuple, count(*) as times
          from lake_tuples group by all
        )
        select blob, min(format), (sum(times) - count(*))::bigint, string_agg(distinct (epoch_ms(record_time) // 60000)::varchar, ',')
        from places group by blob order by blob
        """;

    public static IReadOnlyDictionary<string, CoverageRows> Read(LakeDatabase database)
    {
        using var rows = database.Query(Sql);
        return rows.Read().ToDictionary(r => (string)r[0]!, r => new CoverageRows(Numbers((string?)r[3]), (long)r[2]!, (string)r[1]!), StringComparer.Ordinal);
    }

    private static HashSet<long> Numbers(string? list) =>
        [.. (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(n => long.Parse(n, CultureInfo.InvariantCulture))];
}
