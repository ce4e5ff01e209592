using System.Text.Json;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Reports;
using FlowLogAnalyzer.Reports.Delivery;
using FlowLogAnalyzer.Tests.Cli;

namespace FlowLogAnalyzer.Tests.Reports.Delivery;

[Collection(nameof(LabLake))]
public class WebhookTests(LabLake lab)
{
    private const string Hostile = "rule <!channel> *x* <http://evil|click> @everyone";

    private static readonly ReportSummary Summary = new(new IsoWeek(2026, 47), ["One.", $"Two by {Hostile}."], [(Severity.Critical, 2), (Severity.Low, 1)]);

    private static readonly Uri Report = new("https://example.com/2026-W47.html");

    [Fact]
    public void A_message_for_slack_puts_names_of_logs_into_plain_text_only()
    {
        var message = Message(WebhookKind.Slack);

        var blocks = message.GetProperty("blocks").EnumerateArray().Select(b => b.GetProperty("text")).ToList();
        Assert.Equal("Flow logs, week 2026-W47", blocks[0].GetProperty("text").GetString());
        Assert.Contains(blocks, b => b.GetProperty("text").GetString() == $"Two by {Hostile}.");
        Assert.Contains(blocks, b => b.GetProperty("text").GetString() == "Findings: 2 critical, 1 low.");
        Assert.All(blocks[..^1], b => Assert.Equal("plain_text", b.GetProperty("type").GetString()));
        Assert.Equal("<https://example.com/2026-W47.html|Read the report>", blocks[^1].GetProperty("text").GetString());
        Assert.DoesNotContain("<", message.GetProperty("text").GetString()!, StringComparison.Ordinal);
        Assert.DoesNotContain("@everyone", message.GetProperty("text").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_for_teams_is_an_adaptive_card_of_text_runs_with_the_link_as_its_action()
    {
        var attachment = Message(WebhookKind.Teams).GetProperty("attachments")[0];

        Assert.Equal("application/vnd.microsoft.card.adaptive", attachment.GetProperty("contentType").GetString());
        var card = attachment.GetProperty("content");
        Assert.All(card.GetProperty("body").EnumerateArray(), part => Assert.Equal("RichTextBlock", part.GetProperty("type").GetString()));
        Assert.Equal($"Two by {Hostile}.", card.GetProperty("body")[2].GetProperty("inlines")[0].GetProperty("text").GetString());
        Assert.Equal(Report.AbsoluteUri, card.GetProperty("actions")[0].GetProperty("url").GetString());
    }

    [Theory]
    [InlineData("https://hooks.slack.com/services/T/B/x", WebhookKind.Slack)]
    [InlineData("https://prod-12.westeurope.logic.azure.com/workflows/x/triggers/manual/paths/invoke?sig=y", WebhookKind.Teams)]
    [InlineData("https://contoso.webhook.office.com/webhookb2/x", WebhookKind.Teams)]
    [InlineData("https://mattermost.example.com/hooks/x", WebhookKind.Slack)]
    public void The_kind_is_told_by_the_address(string address, WebhookKind kind) => Assert.Equal(kind, WebhookAddress.Parse(address).Kind);

    [Theory]
    [InlineData("http://hooks.slack.com/services/SECRET")]
    [InlineData("hooks.slack.com/SECRET")]
    public void An_address_that_would_travel_openly_is_refused_without_being_repeated(string address)
    {
        var error = Assert.Throws<FormatException>(() => WebhookAddress.Parse(address));

        Assert.DoesNotContain("SECRET", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_webhook_is_asked_again()
    {
        using var hook = new LoopbackHook(503, 429, 202);

        await SendAsync(hook);

        Assert.Equal(3, hook.Bodies.Count);
        Assert.Single(hook.Bodies.Distinct());
    }

    [Theory]
    [InlineData(404, "removed")]
    [InlineData(400, "--webhook-kind")]
    [InlineData(302, "redirections are not followed")]
    public async Task A_refusal_is_not_repeated_and_names_the_host_only(int status, string hint)
    {
        using var hook = new LoopbackHook(status);

        var error = await Assert.ThrowsAsync<WebhookException>(() => SendAsync(hook));

        Assert.Single(hook.Bodies);
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(LoopbackHook.Secret, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tool_writes_the_report_and_tells_the_channel_that_the_variable_names()
    {
        using var hook = new LoopbackHook(200);

        var run = await CliRun.Of(["report", "--lake", lab.Lake, "--week", "2026-W47", "--webhook", "--link", "https://example.com/{week}.html"], null, ("FLOWLOG_WEBHOOK", hook.Address));

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Told 127.0.0.1.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(LoopbackHook.Secret, run.Out + run.Error, StringComparison.Ordinal);
        var body = Assert.Single(hook.Bodies);
        Assert.Contains("https://example.com/2026-W47.html", body, StringComparison.Ordinal);
        Assert.Contains("Most refusals hit 10.10.4.4", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_channel_that_is_gone_fails_the_run_after_the_report_was_written()
    {
        using var hook = new LoopbackHook(410);
        var file = lab.Folder["told", "week.md"];

        var run = await CliRun.Of(["report", "--lake", lab.Lake, "--week", "2026-W47", "--out", file, "--webhook", hook.Address], null, ("FLOWLOG_DEBUG", "1"));

        Assert.Equal(2, run.ExitCode);
        Assert.True(File.Exists(file));
        Assert.Contains("answered 410", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(LoopbackHook.Secret, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_variable_and_a_link_that_leads_nowhere_are_usage_errors()
    {
        var unset = await CliRun.Of(["report", "--lake", lab.Lake, "--webhook"], null, ("FLOWLOG_WEBHOOK", null));
        var link = await CliRun.Of("report", "--lake", lab.Lake, "--link", "javascript:alert(1)");

        Assert.Equal((1, 1), (unset.ExitCode, link.ExitCode));
        Assert.Contains("FLOWLOG_WEBHOOK", unset.Error, StringComparison.Ordinal);
        Assert.Contains("--link", link.Error, StringComparison.Ordinal);
    }

    private static Task SendAsync(LoopbackHook hook) =>
        new Webhook(TimeProvider.System).SendAsync(WebhookAddress.Parse(hook.Address), Summary, Report, TestContext.Current.CancellationToken);

    private static JsonElement Message(WebhookKind kind) => JsonDocument.Parse(WebhookMessage.Of(Summary, kind, Report)).RootElement;
}
