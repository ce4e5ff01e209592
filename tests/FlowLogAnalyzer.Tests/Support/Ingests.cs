using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>Runs of the real pipeline over local folders.</summary>
internal static class Ingests
{
    public static async Task<IngestSummary> RunAsync(string lake, params string[] sources) => await RunAsync(lake, null, sources);

    public static async Task<IngestSummary> RunAsync(string lake, Func<IngestOptions, IngestOptions>? change, params string[] sources)
    {
        var options = new IngestOptions(await FlowLake.OpenAsync(lake)) { CommitInterval = TimeSpan.FromMilliseconds(100) };
        return await IngestPipeline.RunAsync(change?.Invoke(options) ?? options, [.. sources.Select(s => new LocalBlobSource(s))]);
    }

    public static async Task<string[]> RowsAsync(string lake) => await LakeRows.AllAsync(await FlowLake.OpenAsync(lake));

    /// <summary>What a single reading of the sources into an empty lake gives: the truth that every other way is compared with.</summary>
    public static async Task<string[]> CleanRowsAsync(params string[] sources)
    {
        using var folder = new TemporaryFolder();
        await RunAsync(folder["clean"], sources);
        return await RowsAsync(folder["clean"]);
    }
}
