using System.Diagnostics;
using System.Globalization;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Maintenance;

namespace FlowLogAnalyzer.Benchmarks.LargeLake;

/// <summary>
/// <c>-- check --rows 10000000</c>: fills a lake and runs <c>flowlog check --timings</c> over it in a process of its own.
/// <c>--lake FOLDER</c> keeps the lake, and takes it when it is there; <c>--nodes N</c> is the size of each of its three
/// pools; what stands behind <c>--</c> goes to <c>flowlog check</c>.
/// </summary>
internal static class CheckBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        var own = args.TakeWhile(a => a != "--").ToArray();
        var folder = Option(own, "--lake") ?? Directory.CreateTempSubdirectory("flowlog-check-").FullName;
        var lake = await FlowLake.OpenAsync(folder);
        if (!await lake.ExistsAsync())
            await FillAsync(own, lake);

        var info = await LakeInfo.ReadAsync(lake);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{info.Rows:N0} rows, {info.Bytes / 1e6:N0} MB, {info.Files} files, {info.MinTime:u} to {info.MaxTime:u}"));
        var exit = Check(folder, args[own.Length..].Skip(1));
        if (Option(own, "--lake") is null)
            Directory.Delete(folder, recursive: true);
        return exit;
    }

    private static async Task FillAsync(string[] args, FlowLake lake)
    {
        var law = new LakeLaw();
        law = law with
        {
            Rows = Number(args, "--rows") ?? law.Rows,
            NodesPerPool = (int)(Number(args, "--nodes") ?? law.NodesPerPool),
        };
        var start = Stopwatch.GetTimestamp();
        var rows = await new LakeFiller(law, lake).FillAsync();
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Wrote {rows:N0} rows in {Stopwatch.GetElapsedTime(start).TotalSeconds:N0} s."));
    }

    private static int Check(string lake, IEnumerable<string> more)
    {
        var tool = Path.Combine(AppContext.BaseDirectory, "flowlog.dll");
        var start = new ProcessStartInfo("dotnet", [tool, "check", "--lake", lake, "--timings", "--output", "csv", .. more]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Console.WriteLine($"{lines.Length - 1} findings");
        return process.ExitCode;
    }

    private static string? Option(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    private static long? Number(string[] args, string name) => Option(args, name) is { } text ? long.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : null;
}
