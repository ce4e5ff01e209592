using System.Text;
using FlowLogAnalyzer.Functions.Handlers;
using FlowLogAnalyzer.Functions.Hosting;
using FlowLogAnalyzer.Tests.Cli;

namespace FlowLogAnalyzer.Tests.Functions;

/// <summary>The app's checks and reports fail closed, as the tool does, and read the lake's flowlog.json as one.</summary>
public class NothingLookedAtTests(EmptyLakes lakes) : IClassFixture<EmptyLakes>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_check_of_a_lake_without_rows_fails_and_says_why()
    {
        await using var services = await OpenAsync("{inventory-only}");

        // What the rules say without any flow is told first: the host drops the outputs of an invocation that fails.
        if ((await CheckFunctions.ToQueueAsync(services, null!, Ct)).Afterwards is { } save)
            await save(Ct);
        var answer = await CheckFunctions.ToQueueAsync(services, null!, Ct);

        Assert.Equal(500, answer.Status);
        Assert.StartsWith("The lake has no flow logs", Assert.Single(answer.Logs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_allows_it_gets_an_answer_that_says_it_all_the_same()
    {
        await using var services = await OpenAsync("{inventory-only}", s => s with { AllowEmpty = true });

        var answer = await CheckFunctions.ToQueueAsync(services, null!, Ct);

        Assert.Equal(200, answer.Status);
        Assert.StartsWith("The lake has no flow logs", answer.Logs[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_found_without_an_inventory_is_told_and_then_the_check_fails()
    {
        await using var services = await OpenAsync("{logs-only}");

        var first = await CheckFunctions.ToQueueAsync(services, null!, Ct);
        await first.Afterwards!(Ct);
        var second = await CheckFunctions.ToQueueAsync(services, null!, Ct);

        Assert.Equal((200, 500), (first.Status, second.Status));
        Assert.NotEmpty(first.Outputs["findings"]);
        Assert.StartsWith("The lake has no inventory", first.Logs[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_week_without_rows_is_no_report_and_is_tried_again()
    {
        await using var services = await OpenAsync("{inventory-only}");

        var first = await ReportFunctions.WriteAsync(services, null!, Ct);
        var second = await ReportFunctions.WriteAsync(services, null!, Ct);

        Assert.Equal((500, 500), (first.Status, second.Status));
        Assert.Contains("The lake has no flow logs", first.Logs[0], StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(lakes.Command("{inventory-only}/reports")), f => f.EndsWith(".html", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_question_of_the_app_has_the_flowlog_json_of_the_lake_and_the_memory_of_the_plan()
    {
        await using var services = await OpenAsync("{whole}", s => s with { MemoryMegabytes = 512 });
        var suppression = """{ "suppressions": [{ "finding": "LBC-001", "subject": "*", "reason": "known", "expires": "2999-01-01" }] }""";
        await services.Lake.Store.PutAsync("flowlog.json", Encoding.UTF8.GetBytes(suppression), Ct);
        try
        {
            using var window = await services.OpenWindowAsync(null, null, Ct);
            var check = await LakeCheck.RunAsync(services, Ct);

            Assert.Equal(512, window.Database.Options.MemoryLimitMegabytes);
            Assert.Equal("LBC-001", Assert.Single(window.Configuration.Suppressions).Finding);
            Assert.All(check.Findings.Where(f => f.Id == "LBC-001"), f => Assert.NotNull(f.Suppressed));
            Assert.Contains(check.Findings, f => f.Id == "LBC-001");
        }
        finally
        {
            File.Delete(lakes.Command("{whole}/flowlog.json"));
        }
    }

    private async Task<Services> OpenAsync(string lake, Func<HandlerSettings, HandlerSettings>? change = null)
    {
        var settings = new HandlerSettings { Lake = lakes.Command(lake), Sources = [lakes.Command("{files}")], Deadline = TimeSpan.FromMinutes(5), CheckHours = 0 };
        return await Services.OpenAsync(change?.Invoke(settings) ?? settings);
    }
}
