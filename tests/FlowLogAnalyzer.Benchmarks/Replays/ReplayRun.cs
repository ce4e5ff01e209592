using System.Globalization;
using System.Text.Json;

namespace FlowLogAnalyzer.Benchmarks.Replays;

/// <summary>
/// <c>-- replay 10000000</c>: what replaying so many recorded tuples costs a user. Makes two lakes, runs <c>flowlog replay</c>
/// over each in a process of its own, and prints a table. <c>--data FOLDER</c> keeps the lakes there and takes them when they are there.
/// </summary>
internal static class ReplayRun
{
    public static async Task<int> RunAsync(string[] args)
    {
        var tuples = int.Parse(args[Array.IndexOf(args, "replay") + 1], CultureInfo.InvariantCulture);
        var kept = Array.IndexOf(args, "--data") is >= 0 and var at ? args[at + 1] : null;
        var data = kept ?? Directory.CreateTempSubdirectory("flowlog-replay-").FullName;
        Console.WriteLine("| recorded flows | command | tuples | kinds of flow | seconds | processor seconds | peak MiB | agreement |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var lake in new ReplayLake[] { new ClusterLake(tuples), new ScatteredLake(tuples) })
        {
            var folder = Path.Combine(data, string.Create(CultureInfo.InvariantCulture, $"{lake.Name}-{tuples}"));
            if (!Directory.Exists(folder))
                await lake.MakeAsync(folder);
            Print(lake, "--current", await ToolRun.RunAsync(["replay", "--current", "--lake", folder, "--output", "json"]));
            Print(lake, "--nsg", await ToolRun.RunAsync(["replay", "--nsg", Path.Combine(folder, ReplayLake.ProposedFile), "--lake", folder, "--output", "json"]));
        }

        if (kept is null)
            Directory.Delete(data, recursive: true);
        return 0;
    }

    private static void Print(ReplayLake lake, string command, ToolRun run)
    {
        using var answer = JsonDocument.Parse(run.Output);
        string[] cells =
        [
            lake.Means, $"replay {command}", Cell(answer, "rows"), Cell(answer, "classes"), run.Seconds.ToString("0.0"), run.ProcessorSeconds.ToString("0.0"),
            (run.PeakBytes / 1048576).ToString(), Cell(answer, "agreement"),
        ];
        Console.WriteLine($"| {string.Join(" | ", cells)} |");
    }

    private static string Cell(JsonDocument answer, string name) => answer.RootElement.TryGetProperty(name, out var value) ? value.ToString() : "";
}
