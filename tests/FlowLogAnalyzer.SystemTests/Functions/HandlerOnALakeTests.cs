using System.Text;
using FlowLogAnalyzer.Tests.Reports;
using FlowLogAnalyzer.Tests.Reports.Delivery;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Functions;

/// <summary>Findings, reports and queries by the handler over two weeks of the lab.</summary>
[Collection(nameof(ReportLake))]
public sealed class HandlerOnALakeTests(ReportLake lake) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly LoopbackHook _channel = new(200);
    private HandlerProcess _handler = null!;

    public async ValueTask InitializeAsync()
    {
        // A copy, since the handler writes findings and reports into it.
        foreach (var file in Directory.GetFiles(lake.Location, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder["lake"], Path.GetRelativePath(lake.Location, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        _handler = await HandlerProcess.StartAsync(("FLOWLOG_LAKE", _folder["lake"]), ("FLOWLOG_SOURCES", _folder.Path), ("FLOWLOG_CHECK_HOURS", "0"), ("FLOWLOG_WEBHOOK", _channel.Address),
            ("FLOWLOG_ALLOW_EMPTY", "true")); // last week, by this machine's clock, has no logs
    }

    public async ValueTask DisposeAsync()
    {
        await _handler.DisposeAsync();
        _channel.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_check_tells_each_finding_once()
    {
        var first = await _handler.InvokeAsync("Check", HandlerProcess.Timer);
        var second = await _handler.InvokeAsync("Check", HandlerProcess.Timer);

        Assert.Equal((200, 200), (first.Status, second.Status));
        var findings = first.Json.GetProperty("Outputs").GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("id").GetString()).ToList();
        Assert.Contains("LBC-001", findings);
        Assert.False(second.Json.GetProperty("Outputs").TryGetProperty("findings", out _));
        Assert.Contains("0 of them not told before", second.Logs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_report_of_a_week_is_what_the_tool_writes_and_the_timer_puts_the_last_week_into_the_lake()
    {
        var markdown = await _handler.SendAsync(HttpMethod.Get, $"/api/report?week={ReportLake.Story}&format=md");
        var written = await _handler.InvokeAsync("WeeklyReport", HandlerProcess.Timer);

        Assert.Equal(Encoding.UTF8.GetString(lake.Report.Markdown.Content), markdown.Body);
        Assert.Equal(200, written.Status);
        Assert.Equal([".html", ".md"], Directory.GetFiles(_folder["lake/reports"]).Select(Path.GetExtension).Where(e => e != ".svg").Order(StringComparer.Ordinal));
        Assert.Equal(400, (await _handler.SendAsync(HttpMethod.Get, "/api/report?week=last")).Status);
    }

    [Fact]
    public async Task The_channel_is_told_of_a_report_once_and_its_address_is_in_no_log()
    {
        var first = await _handler.InvokeAsync("WeeklyReport", HandlerProcess.Timer);
        await _handler.InvokeAsync("WeeklyReport", HandlerProcess.Timer);

        Assert.Contains("Flow logs, week", Assert.Single(_channel.Bodies), StringComparison.Ordinal);
        Assert.Contains("Told 127.0.0.1.", first.Logs, StringComparison.Ordinal);
        Assert.DoesNotContain(LoopbackHook.Secret, first.Body + _handler.Out + _handler.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queries_read_the_lake_and_nothing_else()
    {
        var named = await _handler.SendAsync(HttpMethod.Get, "/api/query?name=denied_by_source&set.rows=1");
        var sql = await _handler.SendAsync(HttpMethod.Post, $"/api/query?since={ReportLake.Story.Start:O}&until={ReportLake.Story.End:O}", "select count(*) as n, max(time) as last from tuples");
        var secret = Path.Combine(_folder.Path, "secret.csv");
        await File.WriteAllTextAsync(secret, "a\n1\n", TestContext.Current.CancellationToken);
        string[] refused = [$"select * from read_csv('{secret}')", "drop table nodes", "set enable_external_access = true", "select 1; select 2", "", "select getenv('HOME')"];

        Assert.Equal(1, named.Json.GetArrayLength());
        Assert.True(sql.Json[0].GetProperty("n").GetInt64() > 1000);
        Assert.StartsWith("2026-11-1", sql.Json[0].GetProperty("last").GetString(), StringComparison.Ordinal);
        foreach (var statement in refused)
            Assert.Equal(400, (await _handler.SendAsync(HttpMethod.Post, "/api/query", statement)).Status);
        Assert.Equal(400, (await _handler.SendAsync(HttpMethod.Get, "/api/query?name=no_such_query")).Status);
    }

    [Theory]
    [InlineData("rows that are many bytes", "select repeat('x', 10000) as x from range(10000)", "larger than 16 MB")]
    [InlineData("few rows that the engine has no memory for", "select repeat('x', 1000000) as x from range(10000)", "Out of Memory")]
    [InlineData("a list of long texts that the engine does not count", "select length(l[1]) as n from (select list_transform(range(100000), lambda i: repeat('x', 1000000)) as l)", "")]
    public async Task An_answer_that_is_too_large_is_refused_and_the_next_question_is_answered(string what, string sql, string why)
    {
        var large = await _handler.SendAsync(HttpMethod.Post, "/api/query", sql);
        var peak = File.ReadLines($"/proc/{_handler.Process.Id}/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal));
        var next = await _handler.SendAsync(HttpMethod.Post, "/api/query", "select count(*) as n from tuples");

        Assert.Equal(400, large.Status);
        Assert.Contains(why, large.Body, StringComparison.Ordinal);
        Assert.True(next.Json[0].GetProperty("n").GetInt64() > 1000);
        var megabytes = long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;
        Assert.True(megabytes < 2048, $"{what}: {megabytes} MB were taken, where 1024 are set for the engine.");
    }
}
