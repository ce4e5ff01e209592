using System.Text;
using FlowLogAnalyzer.Functions.Handlers;
using FlowLogAnalyzer.Functions.Hosting;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Functions;

public class DeadlineTests
{
    [Fact]
    public async Task An_invocation_that_does_not_end_in_time_is_answered_before_the_host_loses_patience()
    {
        // Items wait 200 ms for others, longer than this deadline.
        var answer = await InvokeAsync("IngestFromQueue", HandlerProcess.Message);

        Assert.Equal(503, answer.Status);
        Assert.Contains("\"Outputs\":{}", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_of_an_event_hub_go_to_the_queue_since_the_hub_would_go_on_without_them()
    {
        var answer = await InvokeAsync("IngestFromEventHub", HandlerProcess.Message);

        Assert.Equal(200, answer.Status);
        Assert.EndsWith("PT1H.json", answer.Json.GetProperty("Outputs").GetProperty("again")[0].GetProperty("url").GetString(), StringComparison.Ordinal);
    }

    private static async Task<HostAnswer> InvokeAsync(string function, Func<string, string> wrap)
    {
        using var folder = new TemporaryFolder();
        var blob = LogBlobs.Write(folder["logs"], 1, LogBlobs.Whole(LogBlobs.Records(1, 3)));
        var port = HandlerProcess.FreePort();
        var settings = new HandlerSettings { Lake = folder["lake"], Sources = [folder["logs"]], Deadline = TimeSpan.FromMilliseconds(40), HostPort = port };
        await using var services = await Services.OpenAsync(settings);
        await using var app = HandlerApp.Build(settings, services);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/{function}") { Content = new StringContent(wrap(HandlerProcess.Event(blob)), Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Azure-Functions-InvocationId", "1");
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return new HostAnswer((int)answer.StatusCode, "", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
