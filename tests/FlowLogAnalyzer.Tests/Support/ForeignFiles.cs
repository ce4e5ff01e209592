using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>Data files as another engine leaves them behind: other pages, and nothing of ours in the log.</summary>
internal static class ForeignFiles
{
    /// <summary>DuckDB writes the file's rows anew, and a commit puts its file in the place of ours.</summary>
    public static async Task RewriteAsync(FlowLake lake, TupleFile file, string rows = "*")
    {
        var path = $"{Path.GetDirectoryName(file.RelativePath)}/part-00000-{Guid.NewGuid()}.c000.parquet";
        var local = Path.Combine(lake.Location, "tuples", path);
        Duck.Query($"COPY (SELECT {rows} FROM read_parquet('{file.LocalPath}', hive_partitioning = false)) TO '{local}' (FORMAT parquet, COMPRESSION zstd)");
        var snapshot = await lake.Tuples.SnapshotAsync();
        var add = snapshot.Files[file.RelativePath] with { Path = path, Size = new FileInfo(local).Length, Tags = null };
        await lake.Tuples.Delta.CommitAsync(snapshot, new DeltaChange("OPTIMIZE") { Adds = [add], Removes = [file.RelativePath], DataChange = false }, default);
    }
}
