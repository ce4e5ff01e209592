using System.Diagnostics;
using System.Globalization;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Maintenance;

namespace FlowLogAnalyzer.Benchmarks.Scale;

/// <summary>
/// <c>opening --folder DIR [--commits 100000] [--files 50000] [--make]</c>: makes a lake with a log of that many entries, through the
/// library's own commits and without a checkpoint, and measures how long it takes to open before and after the upkeep. All
/// files of the table are the same small one under many names, so that other engines can read it too.
/// </summary>
internal static class Opening
{
    private const int Nics = 200;
    private static readonly DateTime Start = new(2026, 10, 1, 0, 0, 0, DateTimeKind.Utc);

    public static async Task<int> RunAsync(string[] args)
    {
        var folder = ScaleArguments.Value(args, "--folder") ?? throw new ArgumentException("Give --folder DIR.", nameof(args));
        var commits = int.Parse(ScaleArguments.Value(args, "--commits") ?? "100000", CultureInfo.InvariantCulture);
        var files = int.Parse(ScaleArguments.Value(args, "--files") ?? "50000", CultureInfo.InvariantCulture);
        if (!Directory.Exists(folder))
            await MakeAsync(folder, commits, files);
        if (args.Contains("--make"))
            return 0;

        Console.WriteLine("| | open, s | CPU s | list files, CPU s | version | files | positions in the log | log files |\n|---|---:|---:|---:|---:|---:|---:|---:|");
        await MeasureAsync(folder, "as committed, no checkpoint");

        // A day later, so that what is a day old may go; and twice, since a checkpoint must be older than what it replaces.
        var tomorrow = new Later(TimeSpan.FromDays(1.5));
        var first = await CheckpointAsync(folder, TimeProvider.System);
        await MeasureAsync(folder, $"after a checkpoint, {first.Positions} positions archived");
        var second = await CheckpointAsync(folder, tomorrow);
        await MeasureAsync(folder, $"after clean-up, {second.LogFiles} log files deleted");
        return 0;
    }

    private static async Task<CheckpointResult> CheckpointAsync(string folder, TimeProvider time) =>
        await new LakeCheckpoint(await FlowLake.OpenAsync(folder, new LakeOptions { Time = time }), time).RunAsync(TimeSpan.FromDays(1));

    /// <summary>Each commit brings two blobs forward, and so many of them append a file that there are as many as asked for in the end.</summary>
    private static async Task MakeAsync(string folder, int commits, int files)
    {
        var lake = await FlowLake.OpenAsync(folder, new LakeOptions { CheckpointEvery = int.MaxValue });
        var snapshot = await lake.Tuples.Delta.EnsureAsync(default);
        var original = await TemplateAsync(lake);
        for (var number = 1; number < commits; number++)
        {
            var isFile = (long)number * files / commits != (long)(number - 1) * files / commits;
            var hour = Start.AddHours(number / 200);
            AddFile[] adds = isFile ? [Copy(folder, original, hour, number)] : [];
            var change = new DeltaChange("WRITE") { Adds = adds, Domains = Positions(hour, number) };
            snapshot = (await lake.Tuples.Delta.CommitAsync(snapshot, change, default)).Snapshot;
        }
    }

    private static async Task<AddFile> TemplateAsync(FlowLake lake) =>
        (await lake.Tuples.Writer.WriteAsync(new EncoderRows(1000, allDistinct: false).Batches, default))[0];

    private static AddFile Copy(string folder, AddFile original, DateTime hour, int number)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"event_date={hour:yyyy-MM-dd}/part-{number:D6}.parquet");
        var target = Path.Combine(folder, "tuples", path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.CreateSymbolicLink(target, Path.Combine(folder, "tuples", original.Path));
        return original with { Path = path, PartitionValues = new Dictionary<string, string?> { [FlowColumns.Partition] = hour.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) } };
    }

    /// <summary>Each commit brings two NICs of the hour forward.</summary>
    private static Dictionary<string, string?> Positions(DateTime hour, int number) => Enumerable.Range(0, 2).ToDictionary(
        i => BlobPosition.Domain(string.Create(CultureInfo.InvariantCulture, $"flowLogResourceID=/11111111-2222-3333-4444-555555555555_NETWORKWATCHERRG/NETWORKWATCHER_WESTEUROPE_FLOWLOG/y={hour:yyyy}/m={hour:MM}/d={hour:dd}/h={hour:HH}/m=00/macAddress=0022480000{((2 * number) + i) % Nics:X2}/PT1H.json")),
        string? (_) => new BlobPosition { Length = 100_000 + number, ETag = $"0x8DE{number:X12}", ResumeOffset = 99_000 + number, Records = 60, AnchorLength = 256, Anchor = Guid.NewGuid().ToString("N"), Outcome = "Complete", LastModified = new DateTimeOffset(hour, TimeSpan.Zero) }.ToJson(),
        StringComparer.Ordinal);

    private static async Task MeasureAsync(string folder, string when)
    {
        var (opening, opened, listed) = (TimeSpan.MaxValue, TimeSpan.MaxValue, TimeSpan.MaxValue);
        using var process = Process.GetCurrentProcess();
        TimeSpan Spent()
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }

        DeltaSnapshot snapshot = DeltaSnapshot.None;
        for (var i = 0; i < 3; i++)
        {
            var (watch, before) = (Stopwatch.StartNew(), Spent());
            var lake = await FlowLake.OpenAsync(folder);
            snapshot = await lake.Tuples.SnapshotAsync();
            (opening, opened) = (Least(opening, watch.Elapsed), Least(opened, Spent() - before));
            before = Spent();
            await lake.Tuples.GetActiveFilesAsync();
            listed = Least(listed, Spent() - before);
        }

        var positions = snapshot.Domains.Keys.Count(d => d.StartsWith(BlobPosition.DomainPrefix, StringComparison.Ordinal));
        var log = Directory.GetFiles(Path.Combine(folder, "tuples", "_delta_log")).Length;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {when} | {opening.TotalSeconds:0.00} | {opened.TotalSeconds:0.00} | {listed.TotalSeconds:0.00} | {snapshot.Version} | {snapshot.Files.Count} | {positions} | {log} |"));
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
