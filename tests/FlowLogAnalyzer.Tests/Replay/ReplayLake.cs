using System.Collections.Concurrent;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Tests.Replay;

/// <summary>A scenario of the lab, ingested into a real lake once for all tests that ask for it, and opened anew for each.</summary>
internal sealed class ReplayLake : IDisposable
{
    private static readonly ConcurrentDictionary<(string Scenario, LabOptions Options), Lazy<Task<Filled>>> Lakes = new();

    private ReplayLake(LabTruth truth, ClusterInventory inventory, LakeDatabase database)
    {
        (Truth, Inventory, Database) = (truth, inventory, database);
        Model = new NetworkModel(inventory);
    }

    public LabTruth Truth { get; }

    public ClusterInventory Inventory { get; }

    public IReadOnlyList<InventoryDocument> Documents { get; private init; } = [];

    public LakeDatabase Database { get; }

    public NetworkModel Model { get; }

    public static async Task<ReplayLake> Of(string scenario, LabOptions? options = null, int? phase = null)
    {
        var lake = await Lakes.GetOrAdd((scenario, options ?? new LabOptions { Minutes = 12 }), l => new Lazy<Task<Filled>>(() => FillAsync(l.Scenario, l.Options))).Value;
        var inventory = ClusterInventory.Build(lake.Documents);
        var window = phase is { } number ? lake.Truth.Phases[number] : null;
        var database = LakeDatabase.Open(new LakeDatabaseOptions
        {
            Files = lake.Files,
            Tables = inventory.Tables,
            Resolve = address => inventory.ResolveAll([address]).Rows,
            Since = window?.SteadyFrom.UtcDateTime,
            Until = window?.End.UtcDateTime,
            Threads = 1,
        }, TestContext.Current.CancellationToken);
        return new ReplayLake(lake.Truth, inventory, database) { Documents = lake.Documents };
    }

    public void Dispose() => Database.Dispose();

    private static async Task<Filled> FillAsync(string scenario, LabOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("replay-").FullName;
        ReplayLakeFolders.Add(folder);
        var logs = Path.Combine(folder, "logs");
        var truth = LabRunner.Write(LabScenarios.Find(scenario)!, options, logs);
        var lake = await FlowLake.OpenAsync(Path.Combine(folder, "lake"));
        await IngestPipeline.RunAsync(new IngestOptions(lake) { Workers = 1 }, [new LocalBlobSource(logs)]);
        var documents = InventoryImporter.Import([Path.Combine(logs, "inventory")]).Documents;
        Directory.Delete(logs, recursive: true); // most of the bytes
        var files = await lake.Tuples.GetActiveFilesAsync();
        return new Filled(truth, documents, [.. files.Select(f => f.LocalPath!)]);
    }

    private sealed record Filled(LabTruth Truth, IReadOnlyList<InventoryDocument> Documents, IReadOnlyList<string> Files);
}
