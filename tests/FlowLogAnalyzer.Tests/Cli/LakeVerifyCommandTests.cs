using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Cli;

/// <summary>A file is damaged, and a person at the command line gets the rows back.</summary>
public sealed class LakeVerifyCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task From_a_damaged_file_to_a_lake_that_is_whole_again()
    {
        var (logs, lake) = (_folder["logs"], _folder["lake"]);
        LogBlobs.Write(logs, 0, LogBlobs.Whole(LogBlobs.Records(0, 3)));
        await Ingests.RunAsync(lake, logs);
        Assert.Equal(0, (await CliRun.Of("lake", "verify", "--lake", lake)).ExitCode);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(lake, "tuples"), "part-*.parquet", SearchOption.AllDirectories));
        await File.AppendAllTextAsync(file, "x", TestContext.Current.CancellationToken);

        var query = await CliRun.Of("query", "--sql", "select count(*) from tuples", "--lake", lake);
        var verify = await CliRun.Of("lake", "verify", "--lake", lake, "--output", "json");
        var repair = await CliRun.Of("lake", "repair", "--lake", lake);
        var after = await CliRun.Of("lake", "info", "--lake", lake);
        await CliRun.Of("ingest", logs, "--lake", lake);

        Assert.Equal((2, 2, 0), (query.ExitCode, verify.ExitCode, repair.ExitCode));
        Assert.Contains($"{Path.GetFileName(file)}' of the lake '{lake}' has ", query.Error, StringComparison.Ordinal);
        Assert.Equal(("DataFile", "flowlog lake repair"), (verify.Json[0].GetProperty("kind").GetString(), verify.Json[0].GetProperty("next").GetString()));
        Assert.Contains("1 blobs marked to be read again", repair.Error, StringComparison.Ordinal);
        Assert.Equal(0, after.ExitCode);
        Assert.Equal(60, (await Ingests.RowsAsync(lake)).Length);
        Assert.Equal(0, (await CliRun.Of("lake", "verify", "--lake", lake)).ExitCode);
    }
}
