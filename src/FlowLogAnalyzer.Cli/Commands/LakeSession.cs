using FlowLogAnalyzer.Analysis;
using FlowLogAnalyzer.Analysis.Baselines;
using FlowLogAnalyzer.Analysis.Configuration;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>A lake opened for questions: its files in the window, joined to the inventory.</summary>
internal sealed class LakeSession : IDisposable
{
    private LakeSession(LakeDatabase database, LakeDatabaseOptions options, ClusterInventory inventory)
    {
        Database = database;
        Options = options;
        Inventory = inventory;
    }

    public LakeDatabase Database { get; }

    public required FlowLake Lake { get; init; }

    /// <summary>What the database was opened with.</summary>
    public LakeDatabaseOptions Options { get; }

    public ClusterInventory Inventory { get; }

    public static Task<LakeSession> OpenAsync(Invocation call, (DateTime? Since, DateTime? Until) window, CancellationToken ct) =>
        OpenAsync(call.Lake, new Request(window), call.Note, ct);

    /// <summary>What of a lake to open, and with what.</summary>
    internal sealed record Request((DateTime? Since, DateTime? Until) Window)
    {
        public FlowLogConfiguration Configuration { get; init; } = FlowLogConfiguration.None;

        public EngineLimits Limits { get; init; } = EngineLimits.Default;
    }

    public static async Task<LakeSession> OpenAsync(string location, Request request, Action<string> note, CancellationToken ct)
    {
        var (window, configuration) = (request.Window, request.Configuration);
        var lake = await FlowLake.OpenAsync(location, new LakeOptions { MustExist = true, OnWarning = note }, ct);
        var files = await lake.Tuples.GetLocalFilesAsync(window.Since, window.Until, ct);
        var inventory = ClusterInventory.Build(await new InventoryStore(lake).LoadAsync(ct), configuration.Inventory);
        var options = request.Limits.Apply(new LakeDatabaseOptions
        {
            Files = [.. files.Select(f => f.LocalPath!)],
            Tables = [.. inventory.Tables, .. ConfigurationTables.Of(configuration), await new BaselineStore(lake).LoadAsync(ct)],
            Resolve = address => inventory.ResolveAll([address]).Rows,
            Since = window.Since,
            Until = window.Until,
        });
        var database = LakeDatabase.Open(options, ct);
        if (files.Count == 0)
            note($"The lake {location} holds no tuples{(window is (null, null) ? "" : " in this window")}: nothing was looked at. `flowlog lake info` shows what it holds.");
        if (database.OverlappingRows > 0)
            note($"{database.OverlappingRows} inventory entries claim the same address or MAC at the same time; the later one is used. `flowlog inventory show` lists what is known.");
        return new LakeSession(database, options, inventory) { Lake = lake };
    }

    public void Dispose() => Database.Dispose();
}
