namespace FlowLogAnalyzer.Tests.Cli;

/// <summary>What only the program itself can show: its start, its streams, its exit codes, as a shell sees them.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task From_the_labs_logs_to_findings_and_an_answer()
    {
        var lab = await CliRun.OfProgramAsync(["lab", "client-denied", "--out", _folder["logs"], "--minutes", "10", "--output", "json"]);
        var ingest = await CliRun.OfProgramAsync(["ingest", _folder["logs"], "--lake", _folder["lake"], "--output", "json"]);
        var import = await CliRun.OfProgramAsync(["inventory", "import", _folder["logs", "inventory"], "--lake", _folder["lake"], "--output", "json"]);
        var check = await CliRun.OfProgramAsync(["check", "--lake", _folder["lake"], "--fail-on", "high", "--output", "json"]);
        var query = await CliRun.OfProgramAsync(["sql", "--lake", _folder["lake"], "--output", "csv"], "select count(*) as n from tuples;\n");

        Assert.Equal((0, 0, 0, 3, 0), (lab.ExitCode, ingest.ExitCode, import.ExitCode, check.ExitCode, query.ExitCode));
        Assert.Contains(check.Json.EnumerateArray(), f => f.GetProperty("id").GetString() == "LBC-001");
        Assert.Equal($"n\n{ingest.Json.GetProperty("rows").GetInt64()}\n", query.Out);
    }

    [Theory]
    [InlineData("check --output xml", 1)]
    [InlineData("--version", 0)]
    [InlineData("check --help", 0)]
    public async Task A_wrong_command_line_is_1_on_standard_error_and_help_is_0_on_standard_output(string line, int code)
    {
        var run = await CliRun.OfProgramAsync(line.Split(' '));

        Assert.Equal(code, run.ExitCode);
        Assert.Equal(code == 0, run.Out.Length > 0);
        Assert.Equal(code == 0, run.Error.Length == 0);
    }

    [Fact]
    public async Task What_is_not_there_is_2_and_has_no_stack_trace()
    {
        var run = await CliRun.OfProgramAsync(["check", "--lake", _folder["nolake"]]);

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("flowlog: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }
}
