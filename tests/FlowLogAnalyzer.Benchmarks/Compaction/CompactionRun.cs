using System.Diagnostics;
using System.Globalization;
using FlowLogAnalyzer.Benchmarks.LargeLake;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Benchmarks.Compaction;

/// <summary>
/// <c>-- compaction --rows 10000000</c>: fills a lake with the small files of workers that follow growing blobs, compacts it,
/// and does with the same files what compaction consists of and what one would do instead, each in a process of its own, in
/// turns, <c>--rounds 3</c> times. Prints a table of medians. <c>--lake FOLDER</c> keeps the lake, and takes it when it is there.
/// </summary>
internal static class CompactionRun
{
    /// <summary>Twelve files an hour, of about 13,000 rows each; <c>--minutes</c> says otherwise.</summary>
    private const int MinutesPerCommit = 5;

    public static async Task<int> RunAsync(string[] args)
    {
        if (Option(args, "--only") is { } name)
        {
            Console.WriteLine(await Contestant.Named(name).MeasureAsync(Option(args, "--lake")!));
            return 0;
        }

        var folder = Option(args, "--lake") ?? Directory.CreateTempSubdirectory("flowlog-compaction-").FullName;
        var lake = await FlowLake.OpenAsync(folder);
        if (!await lake.ExistsAsync())
            await new LakeFiller(Law(args), lake).FillAsync();

        await PrintAsync(lake, folder, (int)(Number(args, "--rounds") ?? 3));
        if (Option(args, "--lake") is null)
            Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static LakeLaw Law(string[] args) => new()
    {
        Rows = Number(args, "--rows") ?? 10_000_000,
        MinutesPerCommit = (int)(Number(args, "--minutes") ?? MinutesPerCommit),
    };

    private static async Task PrintAsync(FlowLake lake, string folder, int rounds)
    {
        var files = await lake.Tuples.GetActiveFilesAsync();
        Console.WriteLine($"{files.Sum(f => f.Rows):N0} rows, {files.Count} files, {files.Sum(f => f.Bytes) / 1e6:N0} MB; median of {rounds}");
        var runs = Contestant.All.ToDictionary(c => c, _ => new List<Measurement>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contestant in Contestant.All)
                runs[contestant].Add(await InOwnProcessAsync(contestant, folder));
        }

        var compaction = Measurement.Median(runs[Contestant.All[0]]);
        Console.WriteLine();
        Console.WriteLine("| what | M rows/s | ns of processor per row | times compaction's clock | times its processor time | peak MiB | bytes per row |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach (var contestant in Contestant.All)
            Console.WriteLine($"| {contestant.Means} | {Measurement.Median(runs[contestant]).Cells(compaction)} |");
    }

    private static async Task<Measurement> InOwnProcessAsync(Contestant contestant, string folder)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CompactionRun).Assembly.Location, "compaction", "--only", contestant.Name, "--lake", folder]) { RedirectStandardOutput = true };
        // Code that is compiled again while it is timed cannot be compared; each contestant has run once before it is measured.
        start.Environment["DOTNET_TieredCompilation"] = "0";
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? Measurement.Parse(output) : throw new InvalidOperationException($"'{contestant.Name}' ended with exit code {process.ExitCode}.");
    }

    private static string? Option(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    private static long? Number(string[] args, string name) => Option(args, name) is { } text ? long.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : null;
}
