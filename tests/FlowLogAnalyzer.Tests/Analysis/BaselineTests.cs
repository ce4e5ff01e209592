using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Query.Baselines;
using FlowLogAnalyzer.Tests.Catalogue;
using FlowLogAnalyzer.Tests.Support;
using static FlowLogAnalyzer.Tests.Analysis.LakeBuilder;

namespace FlowLogAnalyzer.Tests.Analysis;

public sealed class BaselineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_check_of_one_day_knows_the_days_before_from_the_baseline()
    {
        var store = await StoreAsync();
        for (var day = -8; day < 0; day++)
            await AddAsync(store, c => c.At([day * CaseTools.Day], "system", Known));

        using var cluster = new StoryCluster().WithPods().At([5], "system", Known).At([10, 20], "system", New);
        cluster.Lake.Tables.Add(await store.LoadAsync(TestContext.Current.CancellationToken));
        var finding = Assert.Single(cluster.Check("LAT-010"));
        Assert.Equal((8L, 9090L), ((long)finding["historyDays"]!, (long)finding["port"]!));

        // Without the baseline one day is no history, and everything or nothing would be new.
        using var alone = new StoryCluster().WithPods().At([5], "system", Known).At([10, 20], "system", New);
        Assert.Empty(alone.Check("LAT-010"));
    }

    [Fact]
    public async Task An_edge_that_the_baseline_knows_is_no_first_contact_whatever_address_has_it_today()
    {
        var store = await StoreAsync();
        for (var day = -9; day < 0; day++)
            await AddAsync(store, c => c.At([day * CaseTools.Day], "system", Known).At([(day * CaseTools.Day) + 9], "system", New));

        using var cluster = new StoryCluster().WithPods().At([5], "system", Known).At([10], "system", "10.244.2.99:* -> 10.10.1.4:9090");
        cluster.Lake.Address("10.244.2.99", Row(("kind", "pod"), ("name", "shop/api-9"), ("pod", "shop/api-9"), ("workload", "api"), ("node", StoryCluster.Node("user")), ("pool", "user"), ("role", "user")));
        cluster.Lake.Tables.Add(await store.LoadAsync(TestContext.Current.CancellationToken));

        Assert.Empty(cluster.Check("LAT-010"));
    }

    [Fact]
    public async Task The_same_day_again_or_in_parts_or_in_another_order_changes_nothing()
    {
        var (store, whole) = (await StoreAsync(), await StoreAsync("whole"));
        Action<StoryCluster> early = c => c.At([5, 6], "system", Known), all = c => c.At([5, 6, 5000], "system", Known);

        Assert.Equal(1, await AddAsync(store, all));
        Assert.Equal(0, await AddAsync(store, early));
        Assert.Equal(0, await AddAsync(store, all));
        await AddAsync(whole, early);
        Assert.Equal(1, await AddAsync(whole, all));

        Assert.Equal((await RowsAsync(whole)).Single(), (await RowsAsync(store)).Single());
        Assert.Equal(3L, (await RowsAsync(store)).Single()[7]);
    }

    [Fact]
    public async Task Days_that_lie_too_far_back_are_dropped()
    {
        var store = await StoreAsync();
        await AddAsync(store, c => c.At([-60 * CaseTools.Day, -20 * CaseTools.Day, 5], "system", Known));

        Assert.Equal(2, (await RowsAsync(store)).Count);
    }

    [Fact]
    public async Task Nothing_of_the_internet_and_no_ephemeral_port_is_kept()
    {
        var store = await StoreAsync();

        await AddAsync(store, c => c.WithPublic().Leave("user", CaseTools.Outside, 443, 3).At([7], "system", $"{StoryCluster.AppPod}:* -> 10.10.1.4:51000").At([5], "system", Known));

        var row = Assert.Single(await RowsAsync(store));
        Assert.Equal(("api", "nodes of system", 443), ((string)row[1]!, (string)row[2]!, (int)row[3]!));
    }

    private static readonly string Known = $"{StoryCluster.AppPod}:* -> 10.10.1.4:443";

    private static readonly string New = $"{StoryCluster.AppPod}:* -> 10.10.1.4:9090";

    private async Task<BaselineStore> StoreAsync(string name = "lake") => new(await FlowLake.OpenAsync(_folder[name]));

    private static async Task<int> AddAsync(BaselineStore store, Action<StoryCluster> arrange)
    {
        using var cluster = new StoryCluster().WithPods();
        arrange(cluster);
        using var database = cluster.Open();
        return await store.UpdateAsync(database);
    }

    private static async Task<IReadOnlyList<object?[]>> RowsAsync(BaselineStore store) => (await store.LoadAsync()).Rows;
}
