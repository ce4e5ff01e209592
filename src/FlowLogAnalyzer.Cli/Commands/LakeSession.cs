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
        OpenAsync(call.Lake, window, call.Note, ct);

    public static Task<LakeSession> OpenAsync(string location, (DateTime? Since, DateTime? Until) window, Action<string> note, CancellationToken ct, FlowLogConfiguration? configuration = null) =>
        OpenAsync(new Opening(location, note) { Window = window, Configuration = configuration ?? FlowLogConfiguration.None }, ct);

    /// <summary>Without names for the addresses of the flows, for who looks them up one by one: naming all of them can take longer than the question.</summary>
    public static Task<LakeSession> OpenUnnamedAsync(Invocation call, (DateTime? Since, DateTime? Until) window, FlowLogConfiguration configuration, CancellationToken ct) =>
        OpenAsync(new Opening(call.Lake, call.Note) { Window = window, Configuration = configuration, NamesAddresses = false }, ct);

    private static async Task<LakeSession> OpenAsync(Opening opening, CancellationToken ct)
    {
        var (window, note) = (opening.Window, opening.Note);
        var lake = await FlowLake.OpenAsync(opening.Location, new LakeOptions { MustExist = true, OnWarning = note }, ct);
        var files = await lake.Tuples.GetLocalFilesAsync(window.Since, window.Until, ct);
        var inventory = ClusterInventory.Build(await new InventoryStore(lake).LoadAsync(ct), opening.Configuration.Inventory);
        var options = new LakeDatabaseOptions
        {
            Files = [.. files.Select(f => f.LocalPath!)],
            Tables = [.. inventory.Tables, .. ConfigurationTables.Of(opening.Configuration), await new BaselineStore(lake).LoadAsync(ct)],
            Resolve = opening.NamesAddresses ? address => inventory.ResolveAll([address]).Rows : null,
            Since = window.Since,
            Until = window.Until,
        };
        var database = LakeDatabase.Open(options, ct);
        if (files.Count == 0)
            note($"The lake {opening.Location} holds no tuples{(window is (null, null) ? "" : " in this window")}: nothing was looked at. `flowlog lake info` shows what it holds.");
        if (database.OverlappingRows > 0)
            note($"{database.OverlappingRows} inventory entries claim the same address or MAC at the same time; the later one is used. `flowlog inventory show` lists what is known.");
        return new LakeSession(database, options, inventory) { Lake = lake };
    }

    public void Dispose() => Database.Dispose();

    private sealed record Opening(string Location, Action<string> Note)
    {
        public (DateTime? Since, DateTime? Until) Window { get; init; }

        public FlowLogConfiguration Configuration { get; init; } = FlowLogConfiguration.None;

        public bool NamesAddresses { get; init; } = true;
    }
}
