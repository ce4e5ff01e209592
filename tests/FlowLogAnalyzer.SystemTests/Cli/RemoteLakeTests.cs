using System.Globalization;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Cli;

/// <summary>Every verb over a lake in storage, as a user types it: it says what it says of the same lake in a folder.</summary>
public sealed class RemoteLakeTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private BlobContainerClient _container = null!;
    private string _connection = null!;

    private string Remote => $"{_container.Uri}/prod/lake";

    public async ValueTask InitializeAsync()
    {
        _container = await Azurite.ContainerAsync();
        _connection = await Azurite.ConnectionStringAsync();
        LabRunner.Write(LabScenarios.Find("client-denied")!, new LabOptions { Minutes = 10 }, _folder["logs"]);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Every_verb_says_of_a_lake_in_storage_what_it_says_of_one_in_a_folder()
    {
        await _container.GetBlobClient("before").UploadAsync(BinaryData.FromString("not of the lake"));
        await FillAsync(Remote);
        await FillAsync(_folder["lake"]);
        var rule = Path.Combine(_folder["logs"], "inventory");
        var nsg = Directory.GetFiles(rule, "*nsg*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        string[][] verbs =
        [
            ["check", "--output", "json"],
            ["query", "denied_by_rule", "--output", "csv"],
            ["report", "--week", LabWeek],
            ["explain", "10.10.4.4", "10.10.2.100", "80"],
            ["explain", "LBC-001", "--output", "json"],
            ["fix", "LBC-001", "--as", "az"],
            ["replay", "--current", "--output", "json"],
            ["replay", "--nsg", nsg, "--output", "json"],
            ["graph", "--around", "ingress"],
            ["inventory", "show", "--output", "json"],
            ["lake", "coverage", "--output", "csv"],
        ];

        foreach (var verb in verbs)
            Assert.Equal(await OutOf(_folder["lake"], verb), await OutOf(Remote, verb));

        Assert.Equal(await OutOf(_folder["lake"], ["sql", "--output", "csv"], "select count(*) from tuples;"), await OutOf(Remote, ["sql", "--output", "csv"], "select count(*) from tuples;"));
        Assert.Contains("read_parquet", await OutOf(Remote, ["lake", "sql"]), StringComparison.Ordinal);
        Assert.Contains("\"LAKE\"", await OutOf(Remote, ["lake", "info", "--output", "json"]), StringComparison.Ordinal);
        var before = await OutOf(Remote, ["query", "--sql", "select count(*), sum(src_port) from tuples", "--output", "csv"]);
        await OutOf(Remote, ["lake", "compact", "--before", "2030-01-01"]);
        await OutOf(Remote, ["lake", "vacuum", "--keep-days", "0"]);
        Assert.Equal(before, await OutOf(Remote, ["query", "--sql", "select count(*), sum(src_port) from tuples", "--output", "csv"]));
        Assert.True(await _container.GetBlobClient("before").ExistsAsync());
    }

    [Fact]
    public async Task A_question_about_a_day_downloads_the_files_of_that_day()
    {
        for (var day = 1; day <= 2; day++)
            LabRunner.Write(LabScenarios.Find("client-denied")!, new LabOptions { Minutes = 5, Start = LabOptions.DefaultStart.AddDays(day) }, _folder[$"logs/{day}"]);
        await OutOf(Remote, ["ingest", _folder["logs"]]);
        Assert.Empty(Copies()); // what is written is not kept
        var date = LabOptions.DefaultStart.AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var next = LabOptions.DefaultStart.AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        await OutOf(Remote, ["query", "--sql", "select count(*) from tuples", "--since", date, "--until", next]);

        Assert.Contains($"event_date={date}", Assert.Single(Copies()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_a_lake_takes_no_more_than_the_rights_to_list_and_to_read_and_no_secret_is_shown()
    {
        await FillAsync(Remote);
        LabRunner.Write(LabScenarios.Find("client-denied")!, new LabOptions { Minutes = 5, Start = LabOptions.DefaultStart.AddDays(1) }, _folder["more"]);
        var sas = new BlobContainerClient(_connection, _container.Name).GenerateSasUri(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, TimeProvider.System.GetUtcNow().AddHours(1)).Query;

        var check = await CliRun.Of(["check", "--lake", Remote + sas], null, ("FLOWLOG_CACHE", _folder["cache"]), ("AZURE_STORAGE_CONNECTION_STRING", null));
        var write = await CliRun.Of(["ingest", _folder["more"], "--lake", Remote + sas], null, ("FLOWLOG_CACHE", _folder["cache"]), ("AZURE_STORAGE_CONNECTION_STRING", null));

        Assert.True(check.ExitCode == 0, check.Error);
        Assert.Contains($"flowlog query --lake {Remote} --sql", check.Out, StringComparison.Ordinal);
        Assert.Contains("The baseline", check.Error, StringComparison.Ordinal);
        Assert.Equal(2, write.ExitCode);
        Assert.Contains("Storage Blob Data Contributor", write.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", check.Out + check.Error + write.Out + write.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://acct.blob.core.windows.net", "names no container")]
    [InlineData("s3://bucket/lake", "is not an address of Azure Blob Storage")]
    public async Task An_address_that_cannot_be_a_lake_is_explained(string address, string expected)
    {
        var run = await CliRun.Of("lake", "info", "--lake", address);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    private static string LabWeek => string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(LabOptions.DefaultStart.UtcDateTime)}-W{ISOWeek.GetWeekOfYear(LabOptions.DefaultStart.UtcDateTime):00}");

    private async Task FillAsync(string lake)
    {
        await OutOf(lake, ["ingest", _folder["logs"]]);
        await OutOf(lake, ["inventory", "import", Path.Combine(_folder["logs"], "inventory")]);
    }

    private async Task<string> OutOf(string lake, string[] verb, string? input = null)
    {
        var run = await CliRun.Of([.. verb, "--lake", lake, "--connection-string", _connection], input, ("FLOWLOG_CACHE", _folder["cache"]));
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', verb)}: {run.Error}");
        return run.Out.Replace(lake, "LAKE", StringComparison.Ordinal);
    }

    private string[] Copies() => Directory.Exists(_folder["cache"]) ? [.. Directory.GetFiles(_folder["cache"], "*.parquet", SearchOption.AllDirectories).Where(f => f.Contains("tuples", StringComparison.Ordinal))] : [];
}
