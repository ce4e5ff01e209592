using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Configuration;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Scenarios;

/// <summary>A stretch of time in which the cluster has so many nodes in each pool and its pods stay what they are.</summary>
internal sealed record Stretch(TimeSpan Start, int Minutes, int NodesPerPool);

/// <summary>
/// A healthy cluster that is never quiet: it grows to 51 nodes and shrinks again, at every change all pods are new and have
/// addresses that pods of other apps had before, a scraper asks everything twice a minute, and a job runs by the clock.
/// </summary>
internal static class NoisyWeek
{
    public const string Declared = """
        { "dependencies": [
            { "from": "pool:user", "to": "vm-client-01", "ports": [5432], "reason": "the shop's database" },
            { "from": "pool:user", "to": "20.40.60.80", "ports": [443], "reason": "where reports go" } ] }
        """;

    /// <summary>
    /// Seven whole days: small at night, 51 nodes for an hour in the morning, half as large again as at night until midnight.
    /// Records are made up to a minute after the last tuple in them: a pause before the full hour keeps the last of a stretch
    /// out of the hour of the next one, whose blob would replace its own.
    /// </summary>
    public static IReadOnlyList<Stretch> Whole { get; } =
        [.. Enumerable.Range(0, 7).SelectMany(day => new[] { new Stretch(TimeSpan.FromDays(day), 478, 2), new(TimeSpan.FromHours((day * 24) + 8), 58, 17), new(TimeSpan.FromHours((day * 24) + 9), 898, 3) })];

    /// <summary>A quarter of an hour of each of eight days.</summary>
    public static IReadOnlyList<Stretch> Sampled { get; } =
        [.. new[] { 3, 5, 17, 9, 5, 4, 3, 4 }.Select((nodes, day) => new Stretch(TimeSpan.FromDays(day), 15, nodes))];

    public static async Task<(LakeWindows Declared, LakeWindows Plain)> FillAsync(TemporaryFolder folder, IReadOnlyList<Stretch> stretches, FlowLogConfiguration configuration, CancellationToken ct)
    {
        var lake = await FlowLake.OpenAsync(folder["lake"], null, ct);
        for (var i = 0; i < stretches.Count; i++)
            await AddAsync(lake, stretches[i], i, folder[$"stretch{i}"], ct);
        return (await LakeWindows.LoadAsync(lake, new LakeSettings { Configuration = configuration }, ct), await LakeWindows.LoadAsync(lake, ct: ct));
    }

    private static async Task AddAsync(FlowLake lake, Stretch stretch, int number, string logs, CancellationToken ct)
    {
        var options = new LabOptions
        {
            Minutes = stretch.Minutes,
            Start = LabOptions.DefaultStart.AddHours(-9) + stretch.Start,
            NodesPerPool = stretch.NodesPerPool,
            Rollout = number,
            Seed = (ulong)number + 1,
            RequestsPerSecond = stretch.Minutes > 60 ? 0.1 : null,
        };
        LabRunner.Write(LabScenarios.Find("healthy-noisy")!, options, logs);
        await IngestPipeline.RunAsync(new IngestOptions(lake), [.. Directory.GetDirectories(logs, "insights-logs-*").Select(d => (IBlobSource)new LocalBlobSource(d))], null, ct);

        // Exports from before and after: with one each, nobody could say when an address changed its owner.
        foreach (DateTime? asOf in new DateTime?[] { null, options.Start.AddMinutes(stretch.Minutes).AddSeconds(-1).UtcDateTime })
            await new InventoryStore(lake).SaveAsync(InventoryImporter.Import([Path.Combine(logs, "inventory")], asOf).Documents, ct);
        Directory.Delete(logs, recursive: true);
    }
}
