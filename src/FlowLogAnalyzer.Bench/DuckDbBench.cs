using System.Diagnostics;
using DuckDB.NET.Data;
using Parquet;

namespace FlowLogAnalyzer.Bench;

/// <summary>
/// What one would type into DuckDB instead: <c>read_json</c> with the type given, unnest, <c>string_split</c>, casts, COPY to
/// Parquet. It leaves out what a lake needs besides: what is odd, what was refused, where a row came from.
/// </summary>
public sealed class DuckDbBench(IReadOnlyList<string> files, string scratch, CompressionMethod compression)
{
    private const string NsgColumns = """
        {'records': 'STRUCT("time" TIMESTAMPTZ, systemId VARCHAR, macAddress VARCHAR, category VARCHAR, resourceId VARCHAR, properties STRUCT("Version" INTEGER, flows STRUCT("rule" VARCHAR, flows STRUCT(mac VARCHAR, flowTuples VARCHAR[])[])[]))[]'}
        """;

    private const string VnetColumns = """
        {'records': 'STRUCT("time" TIMESTAMPTZ, flowLogGUID VARCHAR, macAddress VARCHAR, category VARCHAR, flowLogResourceID VARCHAR, targetResourceID VARCHAR, flowRecords STRUCT(flows STRUCT(aclID VARCHAR, flowGroups STRUCT("rule" VARCHAR, flowTuples VARCHAR[])[])[]))[]'}
        """;

    private readonly bool _isVnet = files.Count > 0 && IsVnet(files[0]);

    /// <summary>Threads it may use.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Copies everything once into a file, which is deleted afterwards.</summary>
    /// <exception cref="DuckDBException">DuckDB cannot read the logs: one damaged blob is enough.</exception>
    public async Task<BenchResult> RunAsync(CancellationToken ct)
    {
        var target = Path.Combine(scratch, Guid.NewGuid().ToString("N") + ".parquet");
        ProcessMemory.ResetPeak();
        try
        {
            var (processor, start) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
            var rows = await CopyAsync(target, ct);
            return new BenchResult("duckdb", files.Sum(f => new FileInfo(f).Length), rows, Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds)
            {
                OutputBytes = new FileInfo(target).Length,
                PeakBytes = ProcessMemory.Peak(),
            };
        }
        finally
        {
            File.Delete(target);
        }
    }

    /// <summary>The rows that are in the file then.</summary>
    public async Task<long> CopyAsync(string target, CancellationToken ct)
    {
        await using var connection = new DuckDBConnection("DataSource=:memory:");
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SET threads = {Threads}; SET preserve_insertion_order = false; SET TimeZone = 'UTC'";
        await command.ExecuteNonQueryAsync(ct);
        command.CommandText = Statement(target);
        return await Task.Run(command.ExecuteNonQuery, ct);
    }

    private static bool IsVnet(string file)
    {
        using var stream = File.OpenRead(file);
        Span<byte> head = stackalloc byte[4096];
        return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)].IndexOf("flowRecords"u8) >= 0;
    }

    private string Statement(string target) => $"""
        COPY (
          WITH blobs AS (SELECT unnest(records) AS r FROM read_json([{string.Join(',', files.Select(Quote))}], columns = {(_isVnet ? VnetColumns : NsgColumns)}, maximum_object_size = 268435456)),
          {(_isVnet ? VnetTuples : NsgTuples)}
        ) TO {Quote(target)} (FORMAT parquet, COMPRESSION {compression.ToString().ToLowerInvariant()})
        """;

    private const string NsgTuples = """
        rules AS (SELECT r."time" AS record_time, r.systemId AS system_id, r.resourceId AS resource_id, unnest(r.properties.flows) AS f FROM blobs),
          nics AS (SELECT record_time, system_id, resource_id, f."rule" AS "rule", unnest(f.flows) AS n FROM rules),
          tuples AS (SELECT record_time, system_id, resource_id, "rule", n.mac AS mac, string_split(unnest(n.flowTuples), ',') AS t FROM nics)
          SELECT to_timestamp(t[1]::BIGINT) AS "time", mac, t[2] AS src_ip, t[4]::INTEGER AS src_port, t[3] AS dst_ip, t[5]::INTEGER AS dst_port, t[6] AS protocol, t[7] AS direction,
            t[8] AS decision, t[9] AS state, nullif(t[10], '')::BIGINT AS packets_sent, nullif(t[11], '')::BIGINT AS bytes_sent, nullif(t[12], '')::BIGINT AS packets_received,
            nullif(t[13], '')::BIGINT AS bytes_received, "rule", record_time, system_id, resource_id
          FROM tuples
        """;

    private const string VnetTuples = """
        acls AS (SELECT r."time" AS record_time, r.macAddress AS mac, r.flowLogGUID AS system_id, r.flowLogResourceID AS resource_id, r.targetResourceID AS target_id, unnest(r.flowRecords.flows) AS f FROM blobs),
          rules AS (SELECT record_time, mac, system_id, resource_id, target_id, f.aclID AS acl_id, unnest(f.flowGroups) AS g FROM acls),
          tuples AS (SELECT record_time, mac, system_id, resource_id, target_id, acl_id, g."rule" AS "rule", string_split(unnest(g.flowTuples), ',') AS t FROM rules)
          SELECT make_timestamp_ms(t[1]::BIGINT) AS "time", mac, t[2] AS src_ip, t[4]::INTEGER AS src_port, t[3] AS dst_ip, t[5]::INTEGER AS dst_port, t[6]::INTEGER AS protocol, t[7] AS direction,
            t[8] AS state, t[9] AS encryption, nullif(t[10], '')::BIGINT AS packets_sent, nullif(t[11], '')::BIGINT AS bytes_sent, nullif(t[12], '')::BIGINT AS packets_received,
            nullif(t[13], '')::BIGINT AS bytes_received, "rule", acl_id, record_time, system_id, resource_id, target_id
          FROM tuples
        """;

    private static string Quote(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
