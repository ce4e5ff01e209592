using System.Globalization;

namespace FlowLogAnalyzer.Functions.Hosting;

/// <summary>A host that is killed hard leaves its handler behind, on a port that nobody asks any more: then this process ends too.</summary>
internal static class ParentWatch
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>Calls <paramref name="gone"/> when the process that started this one is no longer its parent. Linux only.</summary>
    public static async Task RunAsync(Action gone, TimeProvider time, CancellationToken ct)
    {
        if (Parent() is not { } parent)
            return;

        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(ct))
        {
            if (Parent() != parent)
            {
                gone();
                return;
            }
        }
    }

    /// <summary>The fourth field of /proc/self/stat; the second, the name, may hold spaces (proc(5)).</summary>
    private static int? Parent()
    {
        const string Stat = "/proc/self/stat";
        if (!File.Exists(Stat))
            return null;

        var text = File.ReadAllText(Stat);
        return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
