using System.Globalization;
using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Benchmarks.Scale;

/// <summary>
/// <c>contention [--seconds 60] [--store https://...]</c>: how many commits a second one log takes from 1, 8, 64 and 256
/// writers. Without a store in simulated time, with 10 to 30 ms per request, and computing counted as nothing.
/// </summary>
internal static class Contention
{
    private static readonly int[] Writers = [1, 8, 64, 256];

    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = double.Parse(ScaleArguments.Value(args, "--seconds") ?? "60", CultureInfo.InvariantCulture);
        if (ScaleArguments.Value(args, "--store") is { } address)
        {
            await OnStorageAsync(address, TimeSpan.FromSeconds(seconds));
            return 0;
        }

        foreach (var (title, rest, pause) in Settings(args))
        {
            Console.WriteLine($"\n{title}\n\n{ContentionResult.Head}");
            foreach (var writers in Writers)
                Console.WriteLine(Simulate(new ContentionPlan(writers, rest, TimeSpan.FromSeconds(seconds)) { Pause = pause }).Row(writers));
        }

        return 0;
    }

    public static ContentionResult Simulate(ContentionPlan plan)
    {
        var time = new VirtualTime();
        var random = new Random(20261123);
        var store = new SimulatedStore(time, () => TimeSpan.FromMilliseconds(10 + (20 * random.NextDouble())));
        ContentionResult? result = null;
        time.Run(async () => result = await new ContentionRun(plan with { Pause = plan.Pause with { Share = random.NextDouble } }, time, _ => store).RunAsync(() => store.Requests));
        return result!;
    }

    private static IEnumerable<(string Title, TimeSpan Gathering, CommitPause Pause)> Settings(string[] args)
    {
        yield return ("Every writer has the next commit ready at once", TimeSpan.Zero, new CommitPause());
        yield return ("Every writer commits, then gathers for two seconds", TimeSpan.FromSeconds(2), new CommitPause());
        if (!args.Contains("--pauses"))
            yield break;
        yield return ("At once, nobody gives way", TimeSpan.Zero, new CommitPause { Yield = 0 });
        yield return ("At once, no pauses at all", TimeSpan.Zero, new CommitPause { Yield = 0, Longest = TimeSpan.Zero });
        yield return ("At once, nobody hurries", TimeSpan.Zero, new CommitPause { HurryFrom = int.MaxValue });
    }

    /// <summary>The same writers in real time, in one process, on a container of an account or an emulator.</summary>
    private static async Task OnStorageAsync(string address, TimeSpan length)
    {
        Console.WriteLine(ContentionResult.Head);
        foreach (var writers in Writers)
        {
            var requests = 0L;
            var location = StorageLocation.Parse($"{address.TrimEnd('/')}/contention-{Guid.NewGuid():N}");
            var cache = new LakeFileCache(Path.Combine(Path.GetTempPath(), "flowlog-contention"), 1 << 20, TimeProvider.System);
            var plan = new ContentionPlan(writers, TimeSpan.Zero, length);
            var result = await new ContentionRun(plan, TimeProvider.System, _ => new AzureLakeStore(location, new StorageAccess(), cache)).RunAsync(() => requests);
            Console.WriteLine(result.Row(writers));
        }
    }
}

/// <summary>Options of the commands in this folder: <c>--name value</c>.</summary>
internal static class ScaleArguments
{
    public static string? Value(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
}
