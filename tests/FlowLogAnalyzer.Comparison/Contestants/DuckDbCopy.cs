using DuckDB.NET.Data;

namespace FlowLogAnalyzer.Comparison;

/// <summary>What one would type into DuckDB: read_json with the type given, three unnests, string_split, casts, COPY to Parquet.</summary>
internal sealed class DuckDbCopy : IContestant
{
    private const string Columns = """
        {'records': 'STRUCT("time" TIMESTAMPTZ, systemId VARCHAR, macAddress VARCHAR, category VARCHAR, resourceId VARCHAR, properties STRUCT("Version" INTEGER, flows STRUCT("rule" VARCHAR, flows STRUCT(mac VARCHAR, flowTuples VARCHAR[])[])[]))[]'}
        """;

    public string Name => "duckdb";

    public string Does => "DuckDB 1.5 `read_json`, `unnest`, `string_split`, `COPY` (snappy)";

    public int Threads => 2;

    public async ValueTask<long> RunAsync(IReadOnlyList<string> files, string output)
    {
        await using var connection = new DuckDBConnection("DataSource=:memory:");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SET threads = 2; SET preserve_insertion_order = false; SET TimeZone = 'UTC'";
        await command.ExecuteNonQueryAsync();
        command.CommandText = Statement(files, Path.Combine(output, "out.parquet"));
        return await command.ExecuteNonQueryAsync();
    }

    private static string Statement(IReadOnlyList<string> files, string target) => $"""
        COPY (
          WITH blobs AS (SELECT unnest(records) AS r FROM read_json([{string.Join(',', files.Select(f => $"'{f}'"))}], columns = {Columns}, maximum_object_size = 268435456)),
          rules AS (SELECT r."time" AS record_time, r.systemId AS system_id, r.resourceId AS resource_id, unnest(r.properties.flows) AS f FROM blobs),
          nics AS (SELECT record_time, system_id, resource_id, f."rule" AS "rule", unnest(f.flows) AS n FROM rules),
          tuples AS (SELECT record_time, system_id, resource_id, "rule", n.mac AS mac, string_split(unnest(n.flowTuples), ',') AS t FROM nics)
          SELECT to_timestamp(t[1]::BIGINT) AS "time", mac, t[2] AS src_ip, t[4]::INTEGER AS src_port, t[3] AS dst_ip, t[5]::INTEGER AS dst_port, t[6] AS protocol, t[7] AS direction,
            t[8] AS decision, t[9] AS state, nullif(t[10], '')::BIGINT AS packets_sent, nullif(t[11], '')::BIGINT AS bytes_sent, nullif(t[12], '')::BIGINT AS packets_received,
            nullif(t[13], '')::BIGINT AS bytes_received, "rule", record_time, system_id, resource_id
          FROM tuples) TO '{target}' (FORMAT parquet, COMPRESSION snappy)
        """;
}
