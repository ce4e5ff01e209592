using System.Diagnostics;
using System.Text.Json;
using FlowLogAnalyzer.Tests.Cli;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Ingest.Queues;

/// <summary>Processes of <c>flowlog worker</c> on one queue and one lake.</summary>
internal sealed class WorkerRun(RemoteLogs logs, WorkQueue queue, string lake, string cache) : IAsyncDisposable
{
    private readonly List<(Process Process, Task<string> Out, Task<string> Error)> _running = [];

    public int Count => _running.Count;

    /// <summary>Seconds after which a killed worker's messages come to others; the tool's default is 60.</summary>
    public int Hold { get; init; } = 4;

    public void Start()
    {
        var process = CliRun.Start(
            ["worker", "--queue", queue.Name, "--source", logs.Address, "--lake", lake, "--hold", $"{Hold}", "--deliveries", "1000", "--every", "86400", "--output", "jsonl"],
            ("AZURE_STORAGE_CONNECTION_STRING", logs.Connection), ("FLOWLOG_CACHE", cache));
        _running.Add((process, process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()));
    }

    /// <summary>Waits until every worker has its first look at the queue behind it: it burns hardly any time any more.</summary>
    public async Task ReadyAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(2));
        for (var last = TimeSpan.Zero; ProcessorTime() - last > TimeSpan.FromMilliseconds(100) * Count;)
        {
            last = ProcessorTime();
            await Task.Delay(TimeSpan.FromSeconds(2));
        }
    }

    public TimeSpan ProcessorTime() => TimeSpan.FromTicks(_running.Sum(r =>
    {
        r.Process.Refresh();
        return r.Process.TotalProcessorTime.Ticks;
    }));

    /// <summary>SIGKILL, at whatever it is doing.</summary>
    public async Task KillAsync(int which)
    {
        var (process, _, error) = _running[which];
        _running.RemoveAt(which);
        Assert.False(process.HasExited, process.HasExited ? await error : "");
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>SIGTERM to all, as an orchestrator does it; what each told at its end. One that is not <see cref="ReadyAsync"/> may not know the signal yet.</summary>
    public async Task<IReadOnlyList<JsonElement>> StopAsync()
    {
        var told = new List<JsonElement>();
        foreach (var (process, _, _) in _running)
            using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
                await kill.WaitForExitAsync();
        while (_running is [var (process, output, error), ..])
        {
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, await error);
            told.Add(JsonDocument.Parse((await output).Trim().Split('\n')[^1]).RootElement);
            _running.RemoveAt(0);
            process.Dispose();
        }

        return told;
    }

    public async ValueTask DisposeAsync()
    {
        while (_running.Count > 0)
        {
            var (process, _, _) = _running[0];
            _running.RemoveAt(0);
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
