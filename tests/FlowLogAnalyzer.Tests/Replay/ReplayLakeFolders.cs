using System.Collections.Concurrent;

[assembly: AssemblyFixture(typeof(FlowLogAnalyzer.Tests.Replay.ReplayLakeFolders))]

namespace FlowLogAnalyzer.Tests.Replay;

/// <summary>
/// The lakes that tests share go when the last test has ended. Not when the process ends: the runner gives it ten seconds
/// for that and then fails a run in which nothing failed.
/// </summary>
public sealed class ReplayLakeFolders : IDisposable
{
    private static readonly ConcurrentBag<string> Folders = [];

    public static void Add(string folder) => Folders.Add(folder);

    public void Dispose()
    {
        while (Folders.TryTake(out var folder))
            Directory.Delete(folder, recursive: true);
    }
}
