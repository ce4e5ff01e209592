using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FlowLogAnalyzer.Tests.Events;
using FlowLogAnalyzer.Tests.Functions;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Cli;

/// <summary>The real program between a hub of Kafka and a lake.</summary>
public sealed class EventHubCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MockHub _hub = new();

    private string Hub => $"{_hub.Endpoint}/{_hub.Hub}";

    public void Dispose()
    {
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Ingest_takes_in_what_the_events_name_and_ends_when_none_is_waiting()
    {
        await _hub.SendAsync([.. Enumerable.Range(1, 3).Select(nic => HandlerProcess.Event(Blob(nic)))]);

        var run = await CliRun.Of("ingest", _folder["logs"], "--from-eventhub", Hub, "--lake", _folder["lake"], "--output", "jsonl");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("Nothing is waiting any more: 3 events, 0 of them passed over.", run.Error, StringComparison.Ordinal);
        var rows = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(line => JsonDocument.Parse(line).RootElement.GetProperty("rows").GetInt64());
        Assert.Equal(await Ingests.CleanRowsAsync(_folder["logs"]), await Ingests.RowsAsync(_folder["lake"]));
        Assert.Equal((await Ingests.RowsAsync(_folder["lake"])).Length, rows);
    }

    [Fact]
    public async Task Ingest_names_what_it_passes_over_and_its_exit_code_says_that_there_was_something()
    {
        Directory.CreateDirectory(_folder["logs"]);
        await _hub.SendAsync("poison");

        var run = await CliRun.Of("ingest", _folder["logs"], "--from-eventhub", Hub, "--lake", _folder["lake"]);

        Assert.Equal(4, run.ExitCode);
        Assert.Contains("Passed over: The event at offset 0 of partition 0 cannot be understood.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_follows_until_it_is_asked_to_stop()
    {
        Directory.CreateDirectory(_folder["logs"]);
        using var run = CliRun.Start(["ingest", _folder["logs"], "--from-eventhub", Hub, "--consumer-group", "mine", "--lake", _folder["lake"], "--follow"]);
        Assert.Contains("as mine", await run.StandardError.ReadLineAsync(), StringComparison.Ordinal);
        await _hub.SendAsync(HandlerProcess.Event(Blob(1)));
        string? line;
        do
            line = await run.StandardError.ReadLineAsync();
        while (line?.Contains("60 rows from 1 of 1 blobs", StringComparison.Ordinal) == false);

        var rest = await StopAsync(run);

        Assert.Contains("Stopped: 1 events", rest, StringComparison.Ordinal);
        Assert.Equal(1, _hub.Committed("mine").Where(o => o > 0).Sum());
    }

    [Fact]
    public async Task Two_workers_share_a_hub_and_every_row_is_there_once()
    {
        Directory.CreateDirectory(_folder["logs"]);
        using var first = Worker();
        await BegunAsync(first);
        await _hub.SendAsync([.. Enumerable.Range(1, 8).Select(nic => HandlerProcess.Event(Blob(nic)))]);
        using var second = Worker();
        await BegunAsync(second);
        await _hub.SendAsync([.. Enumerable.Range(9, 8).Select(nic => HandlerProcess.Event(Blob(nic))), "{\"compact\":\"2026-11-20\"}"]);
        while (_hub.Committed("flowlog").Where(o => o > 0).Sum() < 17)
            await Task.Delay(200, TestContext.Current.CancellationToken);

        var said = await StopAsync(first) + await StopAsync(second);

        Assert.Equal(await Ingests.CleanRowsAsync(_folder["logs"]), await Ingests.RowsAsync(_folder["lake"]));
        Assert.Contains("asks for a compaction of 2026-11-20. That goes by a queue", said, StringComparison.Ordinal);

        Process Worker() => CliRun.Start(["worker", "--eventhub", Hub, "--source", _folder["logs"], "--lake", _folder["lake"]]);
        static async Task BegunAsync(Process worker) => Assert.StartsWith("Working on", await worker.StandardError.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--queue", "work", "--eventhub", "a/b")]
    public async Task A_worker_works_for_one_place(params string[] places)
    {
        var run = await CliRun.Of(["worker", "--source", _folder["logs"], "--lake", _folder["lake"], .. places]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("give --queue or --eventhub", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_sends_each_finding_once_and_the_refused_flows_from_where_it_ended()
    {
        await CliRun.Of("lab", "client-denied", "--out", _folder["lab"], "--minutes", "10");
        await CliRun.Of("ingest", _folder["lab"], "--lake", _folder["lake"]);
        await CliRun.Of("inventory", "import", Path.Combine(_folder["lab"], "inventory"), "--lake", _folder["lake"]);
        string[] check = ["check", "--lake", _folder["lake"], "--to-eventhub", Hub, "--denied-flows", "--output", "json"];

        var first = await CliRun.Of(check);
        var second = await CliRun.Of(check);

        Assert.True((first.ExitCode, second.ExitCode) == (0, 0), first.Error + second.Error);
        var sent = _hub.All().Select(e => (e.Key, Json: JsonDocument.Parse(e.Body).RootElement)).ToLookup(e => e.Json.GetProperty("class_uid").GetInt32());
        Assert.Equal(first.Json.GetArrayLength(), sent[2004].Count());
        Assert.Equal(sent[2004].Count(), sent[2004].Select(e => e.Key).Distinct().Count());
        Assert.Contains(sent[2004], e => e.Json.GetProperty("finding_info").GetProperty("analytic").GetProperty("uid").GetString() == "LBC-001");
        Assert.NotEmpty(sent[4001]);
        Assert.Contains("0 findings, of", second.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "names no event hub", "check", "--to-eventhub", "nothing")]
    [InlineData(1, "names no event hub", "ingest", ".", "--from-eventhub", "nothing")]
    [InlineData(2, "cannot be read", "ingest", ".", "--from-eventhub", "contoso/flowlog", "--eventhub-connection-string", "broken")]
    [InlineData(2, "There is no folder /nowhere", "ingest", "/nowhere", "--from-eventhub", "contoso/flowlog")]
    public async Task A_hub_or_source_that_cannot_be_used_is_explained(int code, string expected, params string[] arguments)
    {
        var run = await CliRun.Of([.. arguments, "--lake", _folder["lake"]]);

        Assert.Equal(code, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    /// <summary>What it says after it was asked to end.</summary>
    private static async Task<string> StopAsync(Process run)
    {
        using var kill = Process.Start("kill", ["-TERM", run.Id.ToString(CultureInfo.InvariantCulture)])!;
        var rest = await run.StandardError.ReadToEndAsync();
        await run.WaitForExitAsync();
        Assert.Equal(0, run.ExitCode);
        return rest;
    }

    private string Blob(int nic) => LogBlobs.Write(_folder["logs"], nic, LogBlobs.Whole(LogBlobs.Records(nic, 3)));
}
