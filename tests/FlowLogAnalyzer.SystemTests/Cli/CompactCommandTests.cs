using System.Text;
using System.Text.Json;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Cli;

/// <summary><c>flowlog lake compact --to-queue</c> with a queue of the emulator.</summary>
public sealed class CompactCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Jobs_are_sent_to_the_queue_and_shown_with_what_there_is_to_merge()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        for (var i = 0; i < 5; i++)
            await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"B{i}", Batches.Start.AddDays(i % 2)), 100, seed: i));
        var queue = await Azurite.QueueAsync();

        var run = await CliRun.Of(
            ["lake", "compact", "--before", "2027-01-01", "--to-queue", queue.Name, "--lake", _folder.Path, "--output", "csv"], null,
            ("AZURE_STORAGE_CONNECTION_STRING", await Azurite.ConnectionStringAsync()));

        Assert.Equal(
            ["date,from,to,files,rows", "2026-11-22,2026-11-22T00:00:00Z,2026-11-23T00:00:00Z,3,300", "2026-11-23,2026-11-23T00:00:00Z,2026-11-24T00:00:00Z,2,200"],
            run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r')));
        Assert.Contains($"2 jobs were sent to '{queue.Name}'.", run.Error, StringComparison.Ordinal);
        var sent = (await queue.ReceiveMessagesAsync(32)).Value.Select(m => Encoding.UTF8.GetString(Convert.FromBase64String(m.Body.ToString())));
        Assert.Equal(["2026-11-22", "2026-11-23"], sent.Select(m => JsonDocument.Parse(m).RootElement.GetProperty("compact").GetString()).Order());
        Assert.Equal(5, (await lake.Tuples.GetActiveFilesAsync()).Count);
    }
}
