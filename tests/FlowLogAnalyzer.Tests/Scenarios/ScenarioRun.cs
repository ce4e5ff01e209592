using System.Collections.Concurrent;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Tests.Scenarios;

/// <summary>A lab scenario with a format and a way of addressing pods.</summary>
public sealed record ScenarioCase(string Scenario, LogFormat Format, LabCni Cni)
{
    public override string ToString() => $"{Scenario} {(Format == LogFormat.VnetV4 ? "vnet" : Format.Word())} {Cni}";
}

/// <summary>
/// The whole way of one scenario, without a stand-in anywhere: the lab's files, ingest into a lake on disk, import of the
/// inventory, all findings, and their evidence SQL over a database of its own. Kept for all tests that ask.
/// </summary>
internal sealed record ScenarioRun(LabTruth Truth, long RowsInLake, CheckResult Check, IReadOnlyList<long> EvidenceRows)
{
    private static readonly ConcurrentDictionary<ScenarioCase, Lazy<Task<ScenarioRun>>> Runs = new();

    public IReadOnlyList<Finding> Findings => Check.Findings;

    public static Task<ScenarioRun> OfAsync(ScenarioCase scenario) =>
        Runs.GetOrAdd(scenario, c => new Lazy<Task<ScenarioRun>>(() => PlayAsync(c))).Value;

    private static async Task<ScenarioRun> PlayAsync(ScenarioCase scenario)
    {
        var folder = Directory.CreateTempSubdirectory("flowlog-scenario-").FullName;
        try
        {
            var logs = Path.Combine(folder, "logs");
            var truth = LabRunner.Write(LabScenarios.Find(scenario.Scenario)!, new LabOptions { Format = scenario.Format, Cni = scenario.Cni }, logs);
            var options = await FillAsync(Path.Combine(folder, "lake"), logs);
            return Ask(truth, options);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The findings alone, after something was done to the exports.</summary>
    public static async Task<IReadOnlyList<Finding>> FindingsAsync(string scenario, LabOptions lab, Action<string> change)
    {
        var folder = Directory.CreateTempSubdirectory("flowlog-scenario-").FullName;
        try
        {
            var logs = Path.Combine(folder, "logs");
            LabRunner.Write(LabScenarios.Find(scenario)!, lab, logs);
            change(Path.Combine(logs, "inventory"));
            using var database = LakeDatabase.Open(await FillAsync(Path.Combine(folder, "lake"), logs));
            return FindingRunner.Run(database).Findings;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<LakeDatabaseOptions> FillAsync(string location, string logs)
    {
        var lake = await FlowLake.OpenAsync(location);
        var blobs = Directory.GetDirectories(logs, "insights-logs-*").Select(d => (IBlobSource)new LocalBlobSource(d)).ToList();
        var summary = await IngestPipeline.RunAsync(new IngestOptions(lake), blobs);
        Assert.Empty(summary.Refused);
        Assert.Equal(0, summary.RejectedTotal);

        await new InventoryStore(lake).SaveAsync(InventoryImporter.Import([Path.Combine(logs, "inventory")]).Documents);
        var inventory = ClusterInventory.Build(await new InventoryStore(lake).LoadAsync());
        return new LakeDatabaseOptions
        {
            Files = [.. (await lake.Tuples.GetActiveFilesAsync()).Select(f => f.LocalPath!)],
            Tables = inventory.Tables,
            Resolve = address => inventory.ResolveAll([address]).Rows,
        };
    }

    private static ScenarioRun Ask(LabTruth truth, LakeDatabaseOptions options)
    {
        CheckResult result;
        using (var database = LakeDatabase.Open(options))
            result = FindingRunner.Run(database);

        // Over the plain views: whoever copies a finding's SQL has nothing else.
        using var fresh = LakeDatabase.Open(options);
        return new ScenarioRun(truth, Count(fresh, "select count(*) from tuples"), result, [.. result.Findings.Select(f => Count(fresh, $"select count(*) from ({f["sql"]})"))]);
    }

    private static long Count(LakeDatabase database, string sql)
    {
        using var rows = database.Query(sql);
        return (long)rows.Read().Single()[0]!;
    }
}
