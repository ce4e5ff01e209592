using System.Net;
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
        using var folder = new TemporaryFolder();
        var blob = LogBlobs.Write(folder["logs"], 1, LogBlobs.Whole(LogBlobs.Records(1, 3)));
        var port = HandlerProcess.FreePort();
        var settings = new HandlerSettings { Lake = folder["lake"], Sources = [folder["logs"]], Deadline = TimeSpan.FromMilliseconds(40), HostPort = port };
        await using var services = await Services.OpenAsync(settings);
        await using var app = HandlerApp.Build(settings, services);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/IngestFromQueue") { Content = new StringContent(HandlerProcess.Message(HandlerProcess.Event(blob)), Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Azure-Functions-InvocationId", "1");

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);

        // Items wait 200 ms for others, longer than this deadline.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("\"Outputs\":{}", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
