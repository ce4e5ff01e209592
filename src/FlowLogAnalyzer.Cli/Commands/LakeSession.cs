using FlowLogAnalyzer.Analysis;
using FlowLogAnalyzer.Analysis.Configuration;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>The lake of a command line, opened for questions about one window of time.</summary>
internal sealed class LakeSession : IDisposable
{
    private readonly LakeWindows _lake;

    private LakeSession(LakeWindows lake, LakeDatabase database)
    {
        _lake = lake;
        Database = database;
    }

    public LakeDatabase Database { get; }

    public FlowLake Lake => _lake.Lake;

    public ClusterInventory Inventory => _lake.Inventory;

    public static async Task<LakeSession> OpenAsync(
        Invocation call, (DateTime? Since, DateTime? Until) window, CancellationToken ct, FlowLogConfiguration? configuration = null)
    {
        var lake = await LakeWindows.LoadAsync(await call.OpenLakeAsync(ct), configuration, ct);
        var database = await lake.OpenAsync(window.Since, window.Until, ct: ct);
        if (database.Options.Files.Count == 0)
            call.Note($"The lake {call.LakeName} holds no tuples{(window is (null, null) ? "" : " in this window")}: nothing was looked at. `flowlog lake info` shows what it holds.");
        if (database.OverlappingRows > 0)
            call.Note($"{database.OverlappingRows} inventory entries claim the same address or MAC at the same time; the later one is used. `flowlog inventory show` lists what is known.");
        return new LakeSession(lake, database);
    }

    public void Dispose() => Database.Dispose();
}
