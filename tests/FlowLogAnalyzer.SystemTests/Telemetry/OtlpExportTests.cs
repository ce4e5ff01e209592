using FlowLogAnalyzer.Tests.Cli;
using FlowLogAnalyzer.Tests.Functions;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Telemetry;

/// <summary>The real programs, and a receiver that reads what they send.</summary>
public sealed class OtlpExportTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly OtlpReceiver _receiver = new();

    public void Dispose()
    {
        _receiver.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_ingest_sends_numbers_that_agree_with_its_summary_its_steps_and_its_notes()
    {
        LogBlobs.Write(_folder["logs"], 1, LogBlobs.Whole(LogBlobs.Records(1, 3)).Replace(",443,", ",no port,", StringComparison.Ordinal));
        LogBlobs.Write(_folder["logs"], 2, LogBlobs.Whole(LogBlobs.Records(2, 3)));
        _folder.Write("logs/insights/PT1H.json", "{\"records\":[{\"time\": nonsense");

        var run = await CliRun.Of(["ingest", _folder["logs"], "--lake", _folder["lake"], "--output", "json"], null, _receiver.Variables);

        var metrics = OtlpMetrics.Read(_receiver.Of("metrics"));
        Assert.True(run.ExitCode == 4, run.Error);
        Assert.Equal(run.Json.GetProperty("tuples").GetInt64(), metrics["flowlog.ingest.tuples"]);
        Assert.Equal(run.Json.GetProperty("rows").GetInt64(), metrics["flowlog.ingest.rows"]);
        Assert.Equal(run.Json.GetProperty("rejected").GetProperty("total").GetInt64(), metrics.Where(m => m.Key.StartsWith("flowlog.ingest.rejects{reason=", StringComparison.Ordinal)).Sum(m => m.Value));
        Assert.Equal((2, 1), (metrics["flowlog.ingest.blobs{outcome=read}"], metrics["flowlog.ingest.blobs{outcome=failed}"]));
        Assert.Equal(run.Json.GetProperty("commits").GetInt64(), metrics["flowlog.lake.commits{table=tuples}"]);
        Assert.Equal(2, metrics["flowlog.ingest.lag"]);
        Assert.Equal(1, metrics["flowlog.ingest.duration"]);
        Assert.True(run.Json.GetProperty("rejected").GetProperty("total").GetInt64() > 0);

        var spans = _receiver.Of("traces").SelectMany(r => r.All(1, 2, 2)).Select(s => s.Text(5)).ToList();
        Assert.Contains("ingest", spans);
        Assert.Contains("commit", spans);
        Assert.Contains(_receiver.Of("logs").SelectMany(r => r.All(1, 2, 2)), l => l.All(5).Single().Text(1).StartsWith("failed: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_check_sends_its_findings_by_severity_and_a_span_per_finding_query()
    {
        await CliRun.Of("lab", "client-denied", "--out", _folder["lab"], "--minutes", "10");
        await CliRun.Of("ingest", _folder["lab"], "--lake", _folder["lake"]);
        await CliRun.Of("inventory", "import", Path.Combine(_folder["lab"], "inventory"), "--lake", _folder["lake"]);

        var run = await CliRun.Of(["check", "--lake", _folder["lake"], "--output", "json"], null, _receiver.Variables);

        var metrics = OtlpMetrics.Read(_receiver.Of("metrics"));
        foreach (var severity in new[] { "info", "low", "medium", "high", "critical" })
            Assert.Equal(run.Json.EnumerateArray().Count(f => f.GetProperty("severity").GetString() == severity), metrics[$"flowlog.check.findings{{severity={severity}}}"]);
        Assert.Contains("finding LBC-001", _receiver.Of("traces").SelectMany(r => r.All(1, 2, 2)).Select(s => s.Text(5)));
    }

    [Fact]
    public async Task The_service_has_a_name_that_the_environment_can_change()
    {
        await CliRun.Of(["lake", "info", "--lake", _folder["nowhere"]], null, _receiver.Variables);
        using var other = new OtlpReceiver();
        await CliRun.Of(["lake", "info", "--lake", _folder["nowhere"]], null, [.. other.Variables, ("OTEL_SERVICE_NAME", "logs-of-shop")]);

        var resource = OtlpMetrics.Resource(_receiver.Of("logs"));
        Assert.Equal(("flowlog", "test"), (resource["service.name"], resource["deployment.environment.name"]));
        Assert.Equal("logs-of-shop", OtlpMetrics.Resource(other.Of("logs"))["service.name"]);
    }

    [Fact]
    public async Task One_signal_can_be_left_out_and_all_of_them()
    {
        await CliRun.Of(["lake", "info", "--lake", _folder["nowhere"]], null, [.. _receiver.Variables, ("OTEL_LOGS_EXPORTER", "none")]);
        await CliRun.Of(["lake", "info", "--lake", _folder["nowhere"]], null, [.. _receiver.Variables, ("OTEL_SDK_DISABLED", "true")]);

        Assert.Empty(_receiver.Of("logs"));
    }

    [Fact]
    public async Task The_handler_sends_a_span_per_invocation_and_the_numbers_of_what_it_did()
    {
        var blob = LogBlobs.Write(_folder["logs"], 1, LogBlobs.Whole(LogBlobs.Records(1, 3)));
        (string, string)[] settings = [("FLOWLOG_LAKE", _folder["lake"]), ("FLOWLOG_SOURCES", _folder["logs"]), ("OTEL_METRIC_EXPORT_INTERVAL", "200"), ("OTEL_BSP_SCHEDULE_DELAY", "200")];
        await using var handler = await HandlerProcess.StartAsync([.. settings, .. _receiver.Variables.Select(v => (v.Item1, v.Item2!))]);

        Assert.Equal(200, (await handler.QueueAsync(blob)).Status);
        Assert.Equal(422, (await handler.InvokeAsync("IngestFromQueue", HandlerProcess.Message("{}"))).Status);
        var spans = new List<ProtoMessage>();
        for (var i = 0; i < 200 && (spans.Count < 2 || OtlpMetrics.Read(_receiver.Of("metrics")).GetValueOrDefault("flowlog.ingest.rows") < 60); i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            spans = [.. _receiver.Of("traces").SelectMany(r => r.All(1, 2, 2)).Where(s => s.Text(5) == "IngestFromQueue")];
        }

        Assert.Equal(60, OtlpMetrics.Read(_receiver.Of("metrics"))["flowlog.ingest.rows"]);
        Assert.Equal([0UL, 2UL], spans.Select(s => s.All(15).Select(status => status.Number(3)).FirstOrDefault()).Order());
        Assert.Contains("OpenTelemetry", Mapped(handler), StringComparison.Ordinal);
        Assert.Equal("flowlog-functions", OtlpMetrics.Resource(_receiver.Of("metrics"))["service.name"]);
    }

    [Fact]
    public async Task Without_a_receiver_nothing_of_it_is_loaded()
    {
        Directory.CreateDirectory(_folder["logs"]);
        await using var handler = await HandlerProcess.StartAsync(("FLOWLOG_LAKE", _folder["lake"]), ("FLOWLOG_SOURCES", _folder["logs"]));
        await handler.InvokeAsync("Sweep", HandlerProcess.Timer);

        Assert.DoesNotContain("OpenTelemetry", Mapped(handler), StringComparison.Ordinal);
        Assert.Contains("FlowLogAnalyzer.dll", Mapped(handler), StringComparison.Ordinal);
    }

    private static string Mapped(HandlerProcess handler) => File.ReadAllText($"/proc/{handler.Process.Id}/maps");
}
