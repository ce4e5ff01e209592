namespace FlowLogAnalyzer.Tests.Cli;

/// <summary>The prompt and the weekly report, as typed.</summary>
[Collection(nameof(LabLake))]
public class SqlAndReportTests(LabLake lab)
{
    [Fact]
    public async Task The_prompt_answers_statements_over_several_lines_and_goes_on_after_a_wrong_one()
    {
        var run = await SqlAsync("select count(*) as n\nfrom tuples;\ndrop table nodes;\nselect 2 as two;\n.nonsense\nselect 3 as three");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal($"n\n{lab.Ingest.Json.GetProperty("rows").GetInt64()}\ntwo\n2\nthree\n3\n", run.Out);
        Assert.Contains("Only a statement that reads", run.Error, StringComparison.Ordinal);
        Assert.Contains("'.nonsense' is no command", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_prompt_knows_tables_columns_and_the_catalogue()
    {
        var run = await SqlAsync(".tables\n.columns nics\n.queries\n.run denied_by_source rows=1\n.quit\nselect 'past the end' as x;");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("named_tuples,VIEW", run.Out, StringComparison.Ordinal);
        Assert.Contains("subnet_nsg,VARCHAR", run.Out, StringComparison.Ordinal);
        Assert.Contains("which_rule,", run.Out, StringComparison.Ordinal);
        Assert.Contains("refused,destinations", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("past the end", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_prompt_cannot_leave_the_lake()
    {
        var secret = lab.Folder.Write("prompt-secret.csv", "a\n1\n");

        var run = await SqlAsync($"select * from read_csv('{secret}');");

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task The_report_is_written_with_its_pictures_and_its_page()
    {
        var file = lab.Folder["reports", "week.md"];

        var run = await CliRun.Of("report", "--lake", lab.Lake, "--week", "2026-W47", "--out", file);
        var plain = await CliRun.Of("report", "--lake", lab.Lake, "--week", "2026-W47");

        Assert.Equal((0, 0), (run.ExitCode, plain.ExitCode));
        Assert.Equal("", run.Out);
        Assert.Equal(["week-failures.svg", "week-probes.svg", "week.html", "week.md"], Directory.GetFiles(lab.Folder["reports"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal((await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace("(week-", "(2026-W47-", StringComparison.Ordinal), plain.Out);
    }

    [Theory]
    [InlineData("--week", "2026-W60")]
    [InlineData("--week", "last")]
    [InlineData("--out", "report.txt")]
    public async Task A_week_or_a_file_that_cannot_be_meant_is_a_usage_error(string option, string value)
    {
        var run = await CliRun.Of("report", "--lake", lab.Lake, option, value);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(option, run.Error, StringComparison.Ordinal);
    }

    private Task<CliRun> SqlAsync(string input) => CliRun.Of(["sql", "--lake", lab.Lake, "--output", "csv"], input);
}
