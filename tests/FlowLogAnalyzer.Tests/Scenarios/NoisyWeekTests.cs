using FlowLogAnalyzer.Analysis;
using FlowLogAnalyzer.Analysis.Configuration;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Scenarios;

/// <summary>
/// A week of a healthy cluster that changes every day: it grows to 51 nodes and shrinks again, every day all pods are new
/// and have addresses that pods of other apps had the day before, a scraper asks everything twice a minute, and a job runs by
/// the clock. A quarter of an hour of each day is logged.
/// </summary>
public class NoisyWeekTests
{
    private static readonly int[] NodesPerPool = [3, 5, 17, 9, 5, 4, 3, 4];

    private const string Declared = """
        { "dependencies": [
            { "from": "pool:user", "to": "vm-client-01", "ports": [5432], "reason": "the shop's database" },
            { "from": "pool:user", "to": "20.40.60.80", "ports": [443], "reason": "where reports go" } ] }
        """;

    [Fact]
    public async Task Nothing_above_low_is_found_once_the_jobs_destinations_are_declared()
    {
        using var folder = new TemporaryFolder();
        var ct = TestContext.Current.CancellationToken;
        var configuration = ConfigurationReader.Read(Declared, "flowlog.json");
        var (options, plain) = await FillAsync(folder, configuration, ct);

        using var database = LakeDatabase.Open(options, ct);
        var findings = FindingRunner.Run(database, new() { Configuration = configuration }, ct).Findings;
        foreach (var group in findings.GroupBy(f => (f.Severity, f.Id)))
            TestContext.Current.TestOutputHelper!.WriteLine($"{group.Key.Severity} {group.Key.Id}: {group.Count()}, such as {group.First().Subject}: {group.First().Explanation}");
        Assert.All(findings, f => Assert.True(f.Severity <= Severity.Low, $"{f.Severity} {f.Id} {f.Subject}: {f.Explanation}"));

        // The week is noisy indeed: without the declarations the job is found.
        using var undeclared = LakeDatabase.Open(plain, ct);
        Assert.Contains(FindingRunner.Run(undeclared, new() { Only = ["LAT-012"] }, ct).Findings, f => f.Severity > Severity.Low);
    }

    private static async Task<(LakeDatabaseOptions Declared, LakeDatabaseOptions Plain)> FillAsync(TemporaryFolder folder, FlowLogConfiguration configuration, CancellationToken ct)
    {
        var lake = await FlowLake.OpenAsync(folder["lake"], null, ct);
        for (var day = 0; day < NodesPerPool.Length; day++)
        {
            var logs = folder[$"day{day}"];
            var options = new LabOptions
            {
                Minutes = 15,
                Start = LabOptions.DefaultStart.AddDays(day),
                NodesPerPool = NodesPerPool[day],
                Rollout = day,
                Seed = (ulong)day + 1,
            };
            LabRunner.Write(LabScenarios.Find("healthy-noisy")!, options, logs);
            await IngestPipeline.RunAsync(new IngestOptions(lake), [.. Directory.GetDirectories(logs, "insights-logs-*").Select(d => (IBlobSource)new LocalBlobSource(d))], null, ct);
            // Exports from before and after: with one a day, nobody could say when an address changed its owner.
            foreach (DateTime? asOf in new DateTime?[] { null, options.Start.AddMinutes(16).UtcDateTime })
                await new InventoryStore(lake).SaveAsync(InventoryImporter.Import([Path.Combine(logs, "inventory")], asOf).Documents, ct);
        }

        var inventory = ClusterInventory.Build(await new InventoryStore(lake).LoadAsync(ct));
        var plain = new LakeDatabaseOptions
        {
            Files = [.. (await lake.Tuples.GetActiveFilesAsync(null, null, ct)).Select(f => f.LocalPath!)],
            Tables = inventory.Tables,
            Resolve = address => inventory.ResolveAll([address]).Rows,
        };
        return (plain with { Tables = [.. inventory.Tables, .. ConfigurationTables.Of(configuration)] }, plain);
    }
}
