namespace FlowLogAnalyzer.Query.Coverage;

/// <summary>What the rows of one blob say: the minutes of its records, rows that come twice, and the layout of its tuples.</summary>
internal sealed record CoverageRows(IReadOnlySet<long> Minutes, long Repeated, string Format)
{
    /// <summary>
    /// A record that was written twice: the same tuples at the same places of two records with the same time. Such a pair is
    /// rare and told by the records alone, so tuples are compared in those only.
    /// </summary>
    private const string Sql = """
        with records as (
          select blob, record_time, min(format) as format, min(record_index) <> max(record_index) as several
          from lake_tuples group by blob, record_time
        ), tuples_of_several as (
          select t.blob, count(*) as times
          from lake_tuples t join records r on r.blob = t.blob and r.record_time is not distinct from t.record_time
          where r.several
          group by t.blob, t.record_time, t.time, t.tuple_index, t.src_ip, t.src_port, t.dst_ip, t.dst_port, t.protocol, t.direction, t.decision, t.state, t.rule, t.packets_sent, t.bytes_sent, t.packets_received, t.bytes_received
        ), repeated as (
          select blob, (sum(times) - count(*))::bigint as again from tuples_of_several group by blob
        )
        select r.blob, min(r.format), coalesce(any_value(p.again), 0)::bigint, sorted_set(int_div(epoch_ms(r.record_time), 60000))
        from records r left join repeated p on p.blob = r.blob
        group by r.blob order by r.blob
        """;

    public static IReadOnlyDictionary<string, CoverageRows> Read(LakeDatabase database)
    {
        using var rows = database.Query(Sql);
        return rows.Read().ToDictionary(
            r => (string)r[0]!, r => new CoverageRows(((IReadOnlyList<object?>)r[3]!).Cast<long>().ToHashSet(), (long)r[2]!, (string)r[1]!), StringComparer.Ordinal);
    }
}
