using System.Text.Json;
using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Functions;

/// <summary>
/// From commits of a platform-like writer to findings in a queue and a report in the lake, through the handler, driven as a
/// host drives it. With FLOWLOG_FUNCTIONAPP=artifacts/functionapp it is the published one (docs/functions.md).
/// </summary>
public class EndToEndTests
{
    private const int Minutes = 12;

    [Fact]
    public async Task Growing_logs_in_every_wrapping_with_repeats_poison_and_kills_end_in_one_row_each_findings_and_a_report()
    {
        using var folder = new TemporaryFolder();
        LabRunner.Write(LabScenarios.All.Single(s => s.Name == "client-denied"), new LabOptions { Format = LogFormat.VnetV4, Minutes = Minutes }, folder["lab"]);
        var logs = await RemoteLogs.CreateAsync();
        var lakeAddress = $"{(await Azurite.ContainerAsync()).Uri}/lake";
        var lake = await FlowLake.OpenAsync(lakeAddress, new LakeOptions { Access = new StorageAccess { ConnectionString = logs.Connection }, CacheFolder = folder["cache"] });
        await new InventoryStore(lake).SaveAsync(InventoryImporter.Import([folder["lab/inventory"]], null).Documents);
        await using var host = await HostDriver.StartAsync(
        [
            ("FLOWLOG_LAKE", lakeAddress), ("FLOWLOG_SOURCES", logs.Address), ("AZURE_STORAGE_CONNECTION_STRING", logs.Connection), ("FLOWLOG_CACHE", folder["cache"]),
            ("FLOWLOG_SWEEP_HOURS", "0"), ("FLOWLOG_CHECK_HOURS", "0"),
            // The timer's report is of last week, by this machine's clock, where the lab has no logs.
            ("FLOWLOG_ALLOW_EMPTY", "true"),
        ]);

        await GrowAsync(folder["lab"], logs, host);

        Assert.Equal(await logs.CleanRowsAsync(), await LakeRows.AllAsync(lake));
        var poison = await host.TextsAsync("-poison");
        Assert.Equal(["not of ours", "set aside"], poison.Select(p => p.TryGetProperty("what", out var what) ? what.GetString() : "set aside").Order(StringComparer.Ordinal));
        await FindAsync(host);
        await ReportAsync(host, lake);
    }

    /// <summary>The blobs of the lab grow record by record; of each commit there is an event, some twice, some late, some through the event hub.</summary>
    private static async Task GrowAsync(string lab, RemoteLogs logs, HostDriver host)
    {
        var blobs = Directory.GetFiles(lab, "PT1H.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => (
            Name: path[(path.IndexOf("insights-logs-", StringComparison.Ordinal) + path[path.IndexOf("insights-logs-", StringComparison.Ordinal)..].IndexOf('/') + 1)..],
            Records: JsonDocument.Parse(File.ReadAllBytes(path)).RootElement.GetProperty("records").EnumerateArray().Select(r => r.GetRawText()).ToList())).ToList();
        Assert.NotEmpty(blobs);
        await host.EnqueueAsync("""{"what":"not of ours"}""");
        const int Steps = 4;
        for (var step = 0; step < Steps; step++)
        {
            var events = new List<string>();
            foreach (var (name, records) in blobs)
            {
                var (from, to) = (records.Count * step / Steps, records.Count * (step + 1) / Steps);
                if (from == to)
                    continue;
                await logs.Writer.CommitAsync(name, [.. records[from..to]]);
                events.Add(HandlerProcess.Event($"{logs.Address}/{name}"));
            }

            var hub = events.Where((_, i) => i % 3 == 0).Append(step == 0 ? "no event at all" : events[0]);
            Assert.Equal(200, (await host.InvokeAsync("IngestFromEventHub", HostWrapping.Events(hub, step))).Status);
            foreach (var one in Enumerable.Reverse(events).Concat(events.Take(2)))
                await host.EnqueueAsync(one);
            await host.DrainAsync(killAt: step is 1 or 2 ? [0] : []);
        }

        Assert.Equal(200, (await host.InvokeAsync("Sweep", HandlerProcess.Timer)).Status);
        Assert.Equal(400, (await host.InvokeAsync("Sweep", "")).Status);
        Assert.Equal(200, (await host.InvokeAsync("CompactLake", HandlerProcess.Timer)).Status);
    }

    private static async Task FindAsync(HostDriver host)
    {
        var check = await host.InvokeAsync("Check", HandlerProcess.Timer);
        var again = await host.InvokeAsync("Check", HandlerProcess.Timer);
        var hub = await host.InvokeAsync("CheckToEventHub", HandlerProcess.Timer);

        Assert.True((check.Status, again.Status, hub.Status) == (200, 200, 200), check.Body + again.Body + hub.Body);
        var findings = await host.TextsAsync("-findings");
        Assert.Contains("LBC-001", findings.Select(f => f.GetProperty("id").GetString()));
        Assert.Equal(findings.Count, findings.Select(f => (f.GetProperty("id").GetString(), f.GetProperty("subject").GetString(), f.GetProperty("evidence").GetRawText())).Distinct().Count());
        Assert.Contains(findings, f => f.TryGetProperty("fix", out var fix) && fix.GetProperty("bicep").GetString() is { Length: > 0 });
        Assert.All(hub.Json.GetProperty("Outputs").GetProperty("events").EnumerateArray(), e => Assert.Equal(2004, e.GetProperty("class_uid").GetInt32()));
    }

    private static async Task ReportAsync(HostDriver host, FlowLake lake)
    {
        var week = FlowLogAnalyzer.Reports.IsoWeek.Of(LabOptions.DefaultStart.UtcDateTime);
        var written = await host.InvokeAsync("WeeklyReport", HandlerProcess.Timer);
        var second = await host.InvokeAsync("WeeklyReport", HandlerProcess.Timer);
        var page = await host.Handler.SendAsync(HttpMethod.Get, $"/api/report?week={week}&format=md");
        var rows = await host.Handler.SendAsync(HttpMethod.Post, "/api/query", "select count(*) as n from tuples");

        Assert.Contains("Wrote reports/", written.Logs, StringComparison.Ordinal);
        Assert.Contains("is written", second.Logs, StringComparison.Ordinal);
        var files = new List<string>();
        await foreach (var file in lake.Store.ListAsync("reports/", default))
            files.Add(Path.GetExtension(file.Path));
        Assert.Contains(".md", files);
        Assert.Contains(".html", files);
        Assert.Contains("LBC-001", page.Body, StringComparison.Ordinal);
        Assert.Equal((await LakeRows.AllAsync(lake)).Length, rows.Json[0].GetProperty("n").GetInt32());
    }
}
