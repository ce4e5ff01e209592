using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Cli;

/// <summary>`--engine clickhouse` as a user types it.</summary>
[Collection(nameof(LabLake))]
public class ClickHouseCommandTests(LabLake lab)
{
    [Theory]
    [InlineData("query", "top_talkers", "--output", "csv")]
    [InlineData("query", "rule_hits", "--since", "2026-11-16T09:04", "--until", "2026-11-16T09:07", "--output", "json")]
    [InlineData("query", "--sql", "select rule_name, is_new, count(*) as n from tuples group by rule_name, is_new order by all", "--output", "jsonl")]
    [InlineData("check", "--output", "json")]
    [InlineData("report", "--week", "2026-W47")]
    public async Task A_command_prints_the_same_on_both_engines(params string[] command)
    {
        string[] arguments = [.. command, "--lake", lab.Lake];
        var expected = await CliRun.Of(arguments);
        var actual = await CliRun.Of([.. arguments, "--engine", "clickhouse", "--trust-user", "--url", await UrlAsync()]);

        Assert.Equal((0, ""), (actual.ExitCode, actual.Error));
        Assert.Equal(expected.Out, actual.Out);
        Assert.NotEmpty(actual.Out);
    }

    [Fact]
    public async Task The_environment_says_where_the_server_is_and_how_it_reads_the_lake()
    {
        var run = await CliRun.Of(
            ["query", "--sql", "select count(*) as n from lake_tuples", "--lake", lab.Lake, "--engine", "clickhouse", "--trust-user", "--output", "csv"],
            null,
            ("FLOWLOG_CLICKHOUSE_URL", await UrlAsync()),
            ("FLOWLOG_CLICKHOUSE_SOURCE", $"(select * from deltaLakeLocal('{lab.Lake}/tuples') limit 3)"));

        Assert.Equal("n\n3\n", run.Out);
    }

    [Theory]
    [InlineData("needs the server's address", "query", "top_talkers", "--engine", "clickhouse")]
    [InlineData("not 'localhost:8123'", "query", "top_talkers", "--engine", "clickhouse", "--url", "localhost:8123")]
    [InlineData("without a user", "query", "top_talkers", "--engine", "clickhouse", "--url", "http://me:secret@localhost:8123")]
    [InlineData("give --engine clickhouse too", "query", "top_talkers", "--url", "http://localhost:8123")]
    [InlineData("--memory-limit is about DuckDB", "check", "--engine", "clickhouse", "--url", "http://localhost:8123", "--memory-limit", "4GB")]
    [InlineData("give --engine clickhouse too", "query", "top_talkers", "--trust-user")]
    [InlineData("for check, query and report", "sql", "--engine", "clickhouse")]
    [InlineData("for check, query and report", "fix", "LBC-001", "--engine", "clickhouse")]
    public async Task What_cannot_be_is_said_before_anything_is_opened(string sentence, params string[] command)
    {
        var run = await CliRun.Of([.. command, "--lake", lab.Lake]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
    }

    private static async Task<string> UrlAsync() => (await ClickHouseServer.OptionsAsync()).Url.ToString();
}
