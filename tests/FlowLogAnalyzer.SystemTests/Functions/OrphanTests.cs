using System.Diagnostics;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Functions;

public class OrphanTests
{
    [Fact]
    public async Task A_handler_whose_host_was_killed_ends_by_itself()
    {
        using var folder = new TemporaryFolder();
        var ct = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo("sh") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "-c", "\"$@\" >/dev/null & echo $!; wait", "sh" }.Concat(HandlerProcess.Command))
            start.ArgumentList.Add(argument);
        var port = HandlerProcess.FreePort();
        start.Environment["FUNCTIONS_CUSTOMHANDLER_PORT"] = port.ToString();
        start.Environment["FLOWLOG_LAKE"] = folder["lake"];
        start.Environment["FLOWLOG_SOURCES"] = folder.Path;
        using var host = Process.Start(start)!;
        using var handler = Process.GetProcessById(int.Parse((await host.StandardOutput.ReadLineAsync(ct))!));
        using var http = new HttpClient();
        var ready = await UntilAsync(() => AnswersAsync(http, port), TimeSpan.FromSeconds(60));

        host.Kill();
        await host.WaitForExitAsync(ct);
        var ended = await UntilAsync(() => Task.FromResult(handler.HasExited), TimeSpan.FromSeconds(30));

        if (!handler.HasExited)
            handler.Kill();
        Assert.True(ready);
        Assert.True(ended);
    }

    private static async Task<bool> AnswersAsync(HttpClient http, int port)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/"));
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<bool> UntilAsync(Func<Task<bool>> holds, TimeSpan patience)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < patience; await Task.Delay(50))
            if (await holds())
                return true;
        return false;
    }
}
