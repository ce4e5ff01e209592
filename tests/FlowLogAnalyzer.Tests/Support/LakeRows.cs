using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>Short ways to fill a lake and to look into it with readers that are not ours.</summary>
internal static class LakeRows
{
    public static async Task<DeltaCommitResult> AppendAsync(FlowLake lake, params TupleBatch[] batches)
    {
        var snapshot = await lake.Tuples.Delta.EnsureAsync(default);
        var files = await lake.Tuples.Writer.WriteAsync(batches, default);
        var positions = batches.Select(b => b.Blob.Key).Distinct().ToDictionary(BlobPosition.Domain, _ => (string?)new BlobPosition { Outcome = "Complete" }.ToJson());
        return await lake.Tuples.Delta.CommitAsync(snapshot, new DeltaChange("WRITE") { Adds = files, Domains = positions }, default);
    }

    /// <summary>The active files as a DuckDB table function.</summary>
    public static async Task<string> DuckAsync(FlowLake lake, DateTime? since = null, DateTime? until = null) =>
        Duck.Files((await lake.Tuples.GetActiveFilesAsync(since, until)).Select(f => f.LocalPath));

    /// <summary>All rows as text, in a fixed order, so that two lakes can be compared row by row.</summary>
    public static async Task<string[]> AllAsync(FlowLake lake)
    {
        var files = await lake.Tuples.GetLocalFilesAsync();
        if (files.Count == 0)
            return [];
        var columns = string.Join(", ", FlowColumns.All.Select(c => c.Name));
        return [.. Duck.Query($"select to_json(t)::varchar as j from (select {columns} from {Duck.Files(files.Select(f => f.LocalPath))}) t order by blob, record_index, tuple_index, j").Select(r => (string)r[0]!)];
    }
}
