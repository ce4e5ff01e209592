using System.Diagnostics;

namespace FlowLogAnalyzer.Tests.Cli;

public class CancellationTests
{
    [Fact]
    public async Task Ctrl_C_ends_the_run_with_130_and_a_sentence()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no SIGINT that one process could send to another.");
        using var folder = new TempFolder();
        using var run = CliRun.Start(["lab", "story", "--minutes", "1440", "--out", folder["logs"]]);
        var error = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        // It is at work once it has written something.
        while (!Directory.Exists(folder["logs"]) && !run.HasExited)
            await Task.Delay(20, TestContext.Current.CancellationToken);

        using (var kill = Process.Start("kill", ["-INT", run.Id.ToString()]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, run.ExitCode);
        Assert.StartsWith("Cancelled.", await error, StringComparison.Ordinal);
    }
}
