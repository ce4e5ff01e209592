using System.Diagnostics;
using System.Text.Json;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Functions;

/// <summary>The handler over a local lake and local logs, invocation by invocation.</summary>
public sealed class HandlerTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private HandlerProcess _handler = null!;

    private string Logs => _folder["logs"];

    private string Lake => _folder["lake"];

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Logs);
        _handler = await HandlerProcess.StartAsync(Settings());
    }

    public async ValueTask DisposeAsync()
    {
        await _handler.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_event_brings_its_blob_into_the_lake_once_however_often_it_comes()
    {
        var blob = Blob(1, 3);

        var first = await _handler.QueueAsync(blob);
        var again = await _handler.QueueAsync(blob);
        var grown = await _handler.QueueAsync(Blob(1, 5, version: 2));

        Assert.Equal((200, 200, 200), (first.Status, again.Status, grown.Status));
        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(Lake));
    }

    [Fact]
    public async Task A_state_that_the_lake_has_is_known_without_a_look_at_the_source()
    {
        var blob = Blob(1, 3);
        await _handler.QueueAsync(blob);
        var etag = FlowLogAnalyzer.Blobs.LocalBlobSource.ETag(new FileInfo(blob));
        File.Delete(blob);

        var answer = await _handler.InvokeAsync("IngestFromQueue", HandlerProcess.Message(HandlerProcess.Event(blob, etag)));

        Assert.Equal(200, answer.Status);
        Assert.Contains("Known", answer.Logs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blob_that_is_gone_is_no_error()
    {
        Assert.Equal(200, (await _handler.QueueAsync(Path.Combine(Logs, "gone", "PT1H.json"))).Status);
    }

    [Fact]
    public async Task Invocations_that_come_together_share_commits()
    {
        var blobs = Enumerable.Range(1, 24).Select(nic => Blob(nic, 3)).ToList();

        var answers = await Task.WhenAll(blobs.Select(_handler.QueueAsync));

        Assert.All(answers, a => Assert.Equal(200, a.Status));
        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(Lake));
        Assert.InRange(Directory.GetFiles(Path.Combine(Lake, "tuples", "_delta_log"), "*.json").Length, 2, 12);
    }

    [Theory]
    [InlineData("IngestFromQueue", "")]
    [InlineData("IngestFromQueue", "not json")]
    [InlineData("IngestFromQueue", "{}")]
    [InlineData("IngestFromQueue", """{"Data":{"message":"dGVzdA=="},"Metadata":{}}""")]
    [InlineData("IngestFromQueue", """{"Data":{"message":{"nothing":"of ours"}},"Metadata":{}}""")]
    [InlineData("IngestFromQueue", """{"Data":{},"Metadata":{}}""")]
    [InlineData("Sweep", "")]
    [InlineData("Unknown", HandlerProcess.Timer)]
    public async Task What_cannot_be_taken_fails_with_an_answer_that_the_host_understands(string function, string body)
    {
        var answer = await _handler.InvokeAsync(function, body);

        Assert.InRange(answer.Status, 400, 499);
        AssertShape(answer);
        Assert.NotEqual("", answer.Logs);
        Assert.Contains($"{function}: {answer.Status}", await OutAsync(function), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_function_is_404_and_a_request_without_the_hosts_id_is_refused()
    {
        Assert.Equal(404, (await _handler.InvokeAsync("Nothing", HandlerProcess.Timer)).Status);
        Assert.Equal(404, (await _handler.SendAsync(HttpMethod.Get, "/api/other")).Status);
        Assert.Equal(400, (await _handler.InvokeAsync("Sweep", HandlerProcess.Timer, id: null)).Status);
    }

    [Fact]
    public async Task A_blob_outside_of_the_sources_is_never_read()
    {
        using var elsewhere = new TemporaryFolder();
        var blob = LogBlobs.Write(elsewhere.Path, 1, LogBlobs.Whole(LogBlobs.Records(1, 2)));

        var answer = await _handler.QueueAsync(blob);

        Assert.Equal(422, answer.Status);
        Assert.Contains("none of the places", answer.Logs, StringComparison.Ordinal);
        Assert.Empty(await Ingests.RowsAsync(Lake));
    }

    [Fact]
    public async Task Events_of_an_event_hub_that_failed_go_to_the_queue_and_the_rest_is_done()
    {
        var good = Blob(1, 3);
        var bad = LogBlobs.WriteFile(Path.Combine(Logs, LogBlobs.Path(2)), "{\"records\":[{\"time\": nonsense"u8.ToArray());
        var events = JsonSerializer.Serialize(new[] { HandlerProcess.Event(good), HandlerProcess.Event(bad), "{\"compact\":\"2026-11-20\",\"from\":\"06:00:00\"}", "plain" }.Select(e => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(e))));

        var answer = await _handler.InvokeAsync("IngestFromEventHub", JsonSerializer.Serialize(new { Data = new { events }, Metadata = new { } }));

        Assert.Equal(200, answer.Status);
        AssertShape(answer);
        var again = answer.Json.GetProperty("Outputs").GetProperty("again").EnumerateArray().ToList();
        Assert.Equal([bad, null, null], again.Select(m => m.TryGetProperty("url", out var url) ? url.GetString() : null));
        Assert.Equal("""{"compact":"2026-11-20","from":"06:00:00"}""", again[1].GetRawText());
        Assert.Equal("plain", System.Text.Encoding.UTF8.GetString(again[2].GetProperty("unreadable").GetBytesFromBase64())); // as the host sent it
        Assert.Equal(422, (await _handler.InvokeAsync("IngestFromQueue", HandlerProcess.Message(again[2].GetRawText()))).Status);
        Assert.Contains("is no JSON.", answer.Logs, StringComparison.Ordinal);
        File.Delete(bad);
        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(Lake));
    }

    [Fact]
    public async Task A_body_above_the_servers_usual_limit_is_read()
    {
        var text = JsonSerializer.Serialize(new { url = Path.Combine(Logs, "gone", "PT1H.json"), padding = new string('x', 33_000_000) });

        Assert.Equal(200, (await _handler.InvokeAsync("IngestFromQueue", HandlerProcess.Message(text))).Status);
    }

    [Fact]
    public async Task Timers_sweep_compact_and_answer_with_what_they_did()
    {
        for (var nic = 1; nic <= 3; nic++)
            Blob(nic, 4);

        var sweep = await _handler.InvokeAsync("Sweep", HandlerProcess.Timer);
        var again = await _handler.InvokeAsync("Sweep", HandlerProcess.Timer);
        var compact = await _handler.InvokeAsync("CompactLake", HandlerProcess.Timer);

        Assert.All([sweep, again, compact], AssertShape);
        Assert.Contains("3 read", sweep.Logs, StringComparison.Ordinal);
        Assert.Contains("0 read, 3 unchanged", again.Logs, StringComparison.Ordinal);
        Assert.Equal(200, compact.Status);
        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(Lake));
    }

    [Fact]
    public async Task A_query_that_does_not_end_is_stopped_and_the_next_one_is_answered()
    {
        await _handler.QueueAsync(Blob(1, 3));

        var endless = await _handler.SendAsync(HttpMethod.Post, "/api/query", "select count(*) as n from range(1000000) a, range(1000000) b where (a.range * b.range) % 7 = 3");
        var next = await _handler.SendAsync(HttpMethod.Post, "/api/query", "select count(*) as n from tuples");

        Assert.Equal(400, endless.Status);
        Assert.Contains("was stopped after 1 s", endless.Body, StringComparison.Ordinal);
        Assert.Equal(60, next.Json[0].GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task Logs_go_to_standard_output_since_the_host_takes_every_other_line_for_an_error()
    {
        await _handler.InvokeAsync("IngestFromQueue", "");
        await OutAsync("IngestFromQueue");

        Assert.Equal("", _handler.Error);
    }

    [Fact]
    public async Task Every_way_to_stop_has_an_exit_code_that_makes_the_host_start_it_again()
    {
        using (var kill = Process.Start("kill", ["-TERM", _handler.Process.Id.ToString()]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _handler.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, _handler.Process.ExitCode);

        await using var misconfigured = HandlerProcess.Launch(("FLOWLOG_SOURCES", Logs));
        await misconfigured.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(5, misconfigured.Process.ExitCode);
        Assert.Contains("FLOWLOG_LAKE", misconfigured.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_in_mid_flight_and_asked_again_it_has_every_row_once()
    {
        var blobs = Enumerable.Range(1, 8).Select(nic => Blob(nic, 60, tuples: 300)).ToList();
        foreach (var patience in new[] { 120, 350, 700, 1200 })
        {
            var flying = blobs.Select(_handler.QueueAsync).ToList();
            await Task.Delay(patience, TestContext.Current.CancellationToken);
            await _handler.KillAsync();
            await Task.WhenAll(flying).ContinueWith(_ => { }, TaskScheduler.Default);
            await _handler.DisposeAsync();
            _handler = await HandlerProcess.StartAsync(Settings());
        }

        var answers = await Task.WhenAll(blobs.Select(_handler.QueueAsync));

        Assert.All(answers, a => Assert.Equal(200, a.Status));
        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(Lake));
    }

    private (string, string)[] Settings() => [("FLOWLOG_LAKE", Lake), ("FLOWLOG_SOURCES", Logs), ("FLOWLOG_SWEEP_HOURS", "0"), ("FLOWLOG_QUERY_SECONDS", "1")];

    private string Blob(int nic, int records, int version = 1, int tuples = 20) =>
        LogBlobs.Write(Logs, nic, LogBlobs.Whole(LogBlobs.Records(nic, records, tuples)), version);

    private static void AssertShape(HostAnswer answer)
    {
        Assert.Equal("application/json", answer.MediaType);
        Assert.Equal(JsonValueKind.Object, answer.Json.GetProperty("Outputs").ValueKind);
        Assert.Equal(JsonValueKind.Array, answer.Json.GetProperty(nameof(HostAnswer.Logs)).ValueKind);
        Assert.Equal(JsonValueKind.Null, answer.Json.GetProperty("ReturnValue").ValueKind);
    }

    /// <summary>Standard output once it holds a word; lines come with a delay.</summary>
    private async Task<string> OutAsync(string word)
    {
        for (var i = 0; i < 200 && !_handler.Out.Contains(word, StringComparison.Ordinal); i++)
            await Task.Delay(25);
        return _handler.Out;
    }
}
