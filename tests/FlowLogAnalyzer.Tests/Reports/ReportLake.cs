using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Reports;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Reports;

[CollectionDefinition(nameof(ReportLake))]
public sealed class ReportLakeTests : ICollectionFixture<ReportLake>;

/// <summary>
/// Two weeks of the lab: some healthy minutes, and in the week after the story of two outages, then an intruder, then a
/// rule that shuts out the load balancer's probes.
/// </summary>
public sealed class ReportLake : IAsyncLifetime
{
    public static readonly IsoWeek Healthy = new(2026, 46);
    public static readonly IsoWeek Story = new(2026, 47);

    private readonly TemporaryFolder _folder = new();

    public string Location => _folder["lake"];

    internal static ReportRequest Request(IsoWeek week) => new(week, week.ToString(), "0.1.0");

    /// <summary>The report on the week of the story.</summary>
    public WeeklyReport Report { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var logs = WriteLogs(_folder["logs"]);
        await FillAsync(Location, logs);
        Report = await WeeklyReport.BuildAsync(await OpenAsync(), Request(Story));
    }

    public async Task<LakeWindows> OpenAsync(Func<LakeDatabaseOptions, LakeDatabaseOptions>? engine = null) =>
        await LakeWindows.LoadAsync(await FlowLake.OpenAsync(Location), new LakeSettings { Engine = engine });

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The folders of the scenarios.</summary>
    internal static string[] WriteLogs(string root)
    {
        (string Name, DateTimeOffset Start, int? Minutes)[] acts =
        [
            ("healthy-cluster", LabOptions.DefaultStart.AddDays(-6), 20),
            ("story", LabOptions.DefaultStart, null),
            ("lateral-movement", LabOptions.DefaultStart.AddHours(2), null),
            ("probe-denied", LabOptions.DefaultStart.AddHours(3), 20),
        ];
        foreach (var (name, start, minutes) in acts)
            LabRunner.Write(LabScenarios.All.Single(s => s.Name == name), new LabOptions { Format = LogFormat.VnetV4, Start = start, Minutes = minutes }, Path.Combine(root, name));
        return [.. acts.Select(a => Path.Combine(root, a.Name))];
    }

    internal static async Task FillAsync(string location, params string[] folders)
    {
        var lake = await FlowLake.OpenAsync(location);
        var sources = folders.SelectMany(f => Directory.GetDirectories(f, "insights-logs-*")).Select(IBlobSource (f) => new LocalBlobSource(f)).ToList();
        var summary = await IngestPipeline.RunAsync(new IngestOptions(lake), sources);
        Assert.Equal(0, summary.Blobs.Failed);
        await new InventoryStore(lake).SaveAsync(InventoryImporter.Import([.. folders.Select(f => Path.Combine(f, "inventory"))], null).Documents);
    }
}
