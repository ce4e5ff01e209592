namespace FlowLogAnalyzer.Tests.Cli;

public class ExitCodeTests
{
    [Theory]
    [InlineData("dance")]
    [InlineData("check --fail-on terrible")]
    [InlineData("check --output xml")]
    [InlineData("check --since yesterday")]
    [InlineData("check --since 1d --until 2d")]
    [InlineData("check --only XYZ-999")]
    [InlineData("ingest")]
    [InlineData("query")]
    [InlineData("query no_such_query")]
    [InlineData("query --sql x --set novalue")]
    [InlineData("lab no-such-scenario --out x")]
    [InlineData("ingest . --max-rejects 2")]
    [InlineData("ingest . --max-rejects NaN")]
    [InlineData("ingest . --every often")]
    [InlineData("lake vacuum --keep-days all")]
    [InlineData("bench --rounds 1.5")]
    [InlineData("worker --source . --queue q --held many")]
    [InlineData("worker --source . --eventhub n/h --held 5")]
    [InlineData("check --threads 0")]
    [InlineData("check --threads abc")]
    [InlineData("lab story --out x --minutes long")]
    [InlineData("lab story --out x --seed -1")]
    [InlineData("graph --around user --edges all")]
    public async Task A_wrong_command_line_is_1_and_one_sentence_on_standard_error(string line)
    {
        var run = await CliRun.Of(line.Split(' '));

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("", run.Out);
        Assert.StartsWith("flowlog: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("ingest --help")]
    [InlineData("lake info --help")]
    public async Task Help_is_fine_and_goes_to_standard_output(string line)
    {
        var run = await CliRun.Of(line.Split(' '));

        Assert.Equal(0, run.ExitCode);
        Assert.NotEqual("", run.Out);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task Help_of_a_verb_ends_with_examples()
    {
        var run = await CliRun.Of("check", "--help");

        var examples = run.Out[run.Out.IndexOf("Examples:", StringComparison.Ordinal)..];
        Assert.Contains("flowlog check --since 7d", examples, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ingest {0}/missing --lake {0}/lake")]
    [InlineData("check --lake {0}/nolake")]
    [InlineData("query --lake {0}/nolake --sql \"select 1\"")]
    [InlineData("lake info --lake {0}/nolake")]
    [InlineData("inventory import {0}/missing --lake {0}/lake")]
    [InlineData("parse {0}/missing")]
    public async Task What_is_not_there_is_2_and_named_without_a_stack_trace(string line)
    {
        using var folder = new TempFolder();
        var arguments = string.Format(null, line, folder.Path).Split(' ', 5);

        var run = await CliRun.Of([.. arguments.Select(a => a.Trim('"'))]);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Out);
        Assert.Contains(folder.Path, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stack_trace_is_there_for_who_asks()
    {
        using var folder = new TempFolder();

        var run = await CliRun.Of(["check", "--lake", folder["nolake"]], null, ("FLOWLOG_DEBUG", "1"));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("   at ", run.Error, StringComparison.Ordinal);
    }
}
