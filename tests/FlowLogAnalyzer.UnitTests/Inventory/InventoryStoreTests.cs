using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Tests.Inventory;

public sealed class InventoryStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flowlog-inventory-").FullName;

    [Fact]
    public async Task Documents_come_back_from_the_lake_as_they_were_imported()
    {
        var documents = InventoryCases.Import("kubectl", "az").Documents;
        await (await StoreAsync()).SaveAsync(documents, TestContext.Current.CancellationToken);

        var loaded = await (await StoreAsync()).LoadAsync(TestContext.Current.CancellationToken);

        Assert.Equal(documents, loaded);
        Assert.Equal(ClusterInventory.Build(documents).Text(), ClusterInventory.Build(loaded).Text());
    }

    [Fact]
    public async Task A_repeated_import_adds_nothing_and_a_corrected_one_replaces()
    {
        var documents = InventoryCases.Import("kubectl").Documents;
        var store = await StoreAsync();
        await store.SaveAsync(documents, TestContext.Current.CancellationToken);
        await store.SaveAsync(documents, TestContext.Current.CancellationToken);
        var corrected = documents[0] with { Name = "corrected" };
        await store.SaveAsync([corrected], TestContext.Current.CancellationToken);

        var loaded = await store.LoadAsync(TestContext.Current.CancellationToken);

        Assert.Equal(documents.Count, loaded.Count);
        Assert.Contains(corrected, loaded);
    }

    [Fact]
    public async Task A_lake_without_inventory_has_no_documents() =>
        Assert.Empty(await (await StoreAsync()).LoadAsync(TestContext.Current.CancellationToken));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<InventoryStore> StoreAsync() => new(await FlowLake.OpenAsync(_folder, null, TestContext.Current.CancellationToken));
}
