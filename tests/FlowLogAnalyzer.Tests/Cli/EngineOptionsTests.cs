namespace FlowLogAnalyzer.Tests.Cli;

[Collection(nameof(LabLake))]
public class EngineOptionsTests(LabLake lab)
{
    private const string Large = "select count(*) as n from (select distinct i, 'some text that takes room ' || i from range(3000000) t(i))";

    [Fact]
    public async Task The_engine_has_the_memory_the_threads_and_the_folder_it_was_given()
    {
        using var folder = new TempFolder();
        var run = await Query("select current_setting('memory_limit') || ' ' || current_setting('threads') || ' ' || current_setting('temp_directory') as limits",
            "--memory-limit", "256MiB", "--threads", "1", "--temp-dir", folder["spill"]);

        Assert.StartsWith($"256.0 MiB 1 {Path.Combine(folder["spill"], "flowlog-")}", Cell(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_fit_into_memory_goes_to_the_folder_and_the_answer_is_the_same()
    {
        using var folder = new TempFolder();
        var roomy = await Query(Large, "--memory-limit", "4GB");
        var tight = await Query(Large, "--memory-limit", "128MiB", "--temp-dir", folder["spill"]);
        // Where the folder would be there is a file: so the answer above came by way of the folder.
        var nowhere = await Query(Large, "--memory-limit", "128MiB", "--temp-dir", folder.Write("taken", ""));

        Assert.Equal("3000000", Cell(roomy));
        Assert.Equal(Cell(roomy), Cell(tight));
        Assert.Equal([folder["spill"], folder["taken"]], Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        Assert.NotEqual(0, nowhere.ExitCode);
    }

    [Theory]
    [InlineData("--memory-limit", "much")]
    [InlineData("--memory-limit", "4")]
    [InlineData("--memory-limit", "-1GB")]
    [InlineData("--memory-limit", "1MB")]
    [InlineData("--threads", "0")]
    public async Task Limits_that_make_no_sense_are_refused_with_a_sentence(string option, string value)
    {
        var run = await Query("select 1", option, value);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(option, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timings_name_tables_and_findings_with_what_they_cost_and_the_peak_of_memory()
    {
        var run = await CliRun.Of("check", "--lake", lab.Lake, "--only", "LBP-001", "--timings");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"\d+\.\d\d +\d+\.\d\d  facts", run.Error);
        Assert.Matches(@"\d+\.\d\d +\d+\.\d\d  LBP-001", run.Error);
        Assert.Matches(@"all, with a peak of \d+ MiB of memory", run.Error);
    }

    private Task<CliRun> Query(string sql, params string[] options) => CliRun.Of(["query", "--sql", sql, "--lake", lab.Lake, "--output", "csv", .. options]);

    private static string Cell(CliRun run) => run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Trim();
}
