using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Benchmarks.Replays;

/// <summary>Recorded flows and the rules that belong to them, as a lake to replay.</summary>
internal abstract class ReplayLake
{
    /// <summary>The NSGs of the inventory, for a what-if.</summary>
    public const string ProposedFile = "proposed.json";

    public abstract string Name { get; }

    /// <summary>For the table.</summary>
    public abstract string Means { get; }

    public async Task MakeAsync(string folder)
    {
        var work = folder + ".logs";
        Directory.CreateDirectory(work);
        Write(work);
        var lake = await FlowLake.OpenAsync(folder);
        await IngestPipeline.RunAsync(new IngestOptions(lake), [new LocalBlobSource(work)], null, CancellationToken.None);
        await new InventoryStore(lake).SaveAsync(InventoryImporter.Import([Path.Combine(work, "inventory")]).Documents);
        File.Copy(Directory.GetFiles(work, "nsg-list.json", SearchOption.AllDirectories).Single(), Path.Combine(folder, ProposedFile));
        Directory.Delete(work, recursive: true);
    }

    /// <summary>Writes blobs, and <c>inventory/</c> with a file <c>nsg-list.json</c>.</summary>
    protected abstract void Write(string folder);
}
