using System.Diagnostics;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Cli;

/// <summary>The real program against the storage emulator.</summary>
public sealed class RemoteIngestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_container_is_read_into_a_lake_in_storage_which_answers_questions()
    {
        var logs = await RemoteLogs.CreateAsync();
        for (var nic = 1; nic <= 3; nic++)
            await logs.Writer.CommitAsync(RemoteLogs.Name(nic), [.. LogBlobs.Records(nic, 3, 10)]);
        var lake = $"{(await Azurite.ContainerAsync()).Uri}/lake";
        (string, string?)[] variables = [("AZURE_STORAGE_CONNECTION_STRING", logs.Connection), ("FLOWLOG_CACHE", _folder["cache"])];

        var ingest = await CliRun.Of(["ingest", logs.Address, "--lake", lake, "--connection-string", logs.Connection, "--output", "json"], null, ("FLOWLOG_CACHE", _folder["cache"]));
        var again = await CliRun.Of(["ingest", logs.Address, "--lake", lake, "--output", "json"], null, variables);
        var query = await CliRun.Of(["query", "--sql", "select count(*) as n from tuples", "--lake", lake, "--output", "json"], null, variables);

        Assert.True(ingest.ExitCode == 0, ingest.Error);
        Assert.Equal(90, ingest.Json.GetProperty("rows").GetInt32());
        Assert.Equal(3, again.Json.GetProperty("blobs").GetProperty("unchanged").GetInt32());
        Assert.Equal(90, query.Json[0].GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task Since_and_until_choose_the_hours()
    {
        var logs = await RemoteLogs.CreateAsync();
        for (var hour = 0; hour < 4; hour++)
            await logs.Writer.CommitAsync(RemoteLogs.Name(1, LogBlobs.Hour.AddHours(hour)), LogBlobs.Record(1, 0, 5, LogBlobs.Hour.AddHours(hour)));

        var run = await CliRun.Of("ingest", logs.Address, "--connection-string", logs.Connection, "--lake", _folder["lake"], "--output", "json", "--since", "2026-11-20T10:00:00Z", "--until", "2026-11-20T12:00:00Z");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal((2, 10), (run.Json.GetProperty("blobs").GetProperty("seen").GetInt32(), run.Json.GetProperty("rows").GetInt32()));
    }

    [Fact]
    public async Task Following_ends_with_0_when_it_is_stopped_and_keeps_what_it_read()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no SIGINT that one process could send to another.");
        var logs = await RemoteLogs.CreateAsync();
        await logs.Writer.CommitAsync(RemoteLogs.Name(1), LogBlobs.Record(1, 0, 5));
        using var run = CliRun.Start(["ingest", logs.Address, "--lake", _folder["lake"], "--follow", "--every", "1"], ("AZURE_STORAGE_CONNECTION_STRING", logs.Connection));
        Assert.Contains("Following", await run.StandardError.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Contains("5 rows from 1 of 1 blobs", await run.StandardError.ReadLineAsync(), StringComparison.Ordinal);

        using var kill = Process.Start("kill", ["-TERM", run.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!;
        var rest = await run.StandardError.ReadToEndAsync();
        await run.WaitForExitAsync();

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Stopped after", rest, StringComparison.Ordinal);
        Assert.Equal(5, (await Ingests.RowsAsync(_folder["lake"])).Length);
    }

    [Theory]
    [InlineData("http://acct.blob.core.windows.net/logs", "not encrypted")]
    [InlineData("https://acct.blob.core.windows.net", "names no container")]
    [InlineData("s3://bucket/key", "is not an address of Azure Blob Storage")]
    public async Task An_address_that_cannot_be_used_is_explained(string address, string expected)
    {
        var run = await CliRun.Of("ingest", address, "--lake", _folder["lake"]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_ends_the_run_and_is_not_shown()
    {
        var logs = await RemoteLogs.CreateAsync();
        var wrong = logs.Connection.Replace("Eby8", "AAA8", StringComparison.Ordinal);

        var run = await CliRun.Of("ingest", logs.Address, "--lake", _folder["lake"], "--connection-string", wrong);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Storage does not let this identity open", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("AAA8", run.Error, StringComparison.Ordinal);
    }
}
