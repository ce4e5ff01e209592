using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Tests.Replay;

/// <summary>A scenario of the lab, ingested into a real lake and opened for questions.</summary>
internal sealed class ReplayLake : IDisposable
{
    private readonly string _folder;

    private ReplayLake(string folder, LabTruth truth, ClusterInventory inventory, LakeDatabase database)
    {
        (_folder, Truth, Inventory, Database) = (folder, truth, inventory, database);
        Model = new NetworkModel(inventory);
    }

    public LabTruth Truth { get; }

    public ClusterInventory Inventory { get; }

    public IReadOnlyList<InventoryDocument> Documents { get; private init; } = [];

    public LakeDatabase Database { get; }

    public NetworkModel Model { get; }

    public static async Task<ReplayLake> Of(string scenario, LabOptions? options = null, int? phase = null)
    {
        var ct = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("replay-").FullName;
        var logs = Path.Combine(folder, "logs");
        var truth = LabRunner.Write(LabScenarios.Find(scenario)!, options ?? new LabOptions { Minutes = 12 }, logs);
        var lake = await FlowLake.OpenAsync(Path.Combine(folder, "lake"), ct: ct);
        await IngestPipeline.RunAsync(new IngestOptions(lake) { Workers = 1 }, [new LocalBlobSource(logs)], null, ct);
        var documents = InventoryImporter.Import([Path.Combine(logs, "inventory")]).Documents;
        var inventory = ClusterInventory.Build(documents);
        var files = await lake.Tuples.GetActiveFilesAsync(ct: ct);
        var window = phase is { } number ? truth.Phases[number] : null;
        var database = LakeDatabase.Open(new LakeDatabaseOptions
        {
            Files = [.. files.Select(f => f.LocalPath!)],
            Tables = inventory.Tables,
            Resolve = address => inventory.ResolveAll([address]).Rows,
            Since = window?.SteadyFrom.UtcDateTime,
            Until = window?.End.UtcDateTime,
            Threads = 1,
        }, ct);
        return new ReplayLake(folder, truth, inventory, database) { Documents = documents };
    }

    public void Dispose()
    {
        Database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
