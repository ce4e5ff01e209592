using System.CommandLine;
using DuckDB.NET.Data;
using FlowLogAnalyzer.Bench;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Lake.Storage;
using Parquet;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog bench</c>: how fast this machine takes in logs, the user's own or generated ones.</summary>
internal static class BenchCommand
{
    private const int MostMegabytes = 1_000_000;

    private static readonly Argument<string[]> Paths = new("PATH") { Description = "Flow-log blobs or folders with them; without any, logs of busy nodes are generated.", Arity = ArgumentArity.ZeroOrMore };

    private static readonly Option<int> Megabytes = Number("--megabytes", "MB", 200, MostMegabytes, "Size of the generated logs, about; default: 200.");

    private static readonly Option<int> Rounds = Number("--rounds", "N", 3, 100, "How often; the median is shown. Default: 3.");

    private static readonly Option<bool> Compare = new("--compare") { Description = "Also lets DuckDB's read_json, unnest, string_split and COPY do it, in turns." };

    private static readonly Option<bool> Zstd = new("--zstd") { Description = "Compresses with zstd instead of Snappy." };

    public static Command Create(CliHost host)
    {
        var verb = new Verb("bench", "Measures the way from logs to a committed lake on this machine. Writes only to a temporary folder, which it deletes.",
            new("flowlog bench", "Over 200 MB of generated logs."),
            new("flowlog bench ./insights-logs-flowlogflowevent --compare", "Your own logs, beside DuckDB reading the same files."),
            new("flowlog bench --megabytes 1000 --rounds 5 --output json", "For a script: memory and allocation as well."));
        verb.Arguments.Add(Paths);
        verb.Options.Add(Megabytes);
        verb.Options.Add(Rounds);
        verb.Options.Add(Compare);
        verb.Options.Add(Zstd);
        return verb.Does(host, RunAsync);
    }

    private static async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var missing = call.Get(Paths)!.FirstOrDefault(p => !Path.Exists(p));
        if (missing is not null)
            throw new CliException($"There is no file or folder {missing}. Give flow-log blobs (PT1H.json) or a folder with them, or nothing for generated logs.");

        var scratch = ScratchFolder.Make("flowlog-bench-");
        try
        {
            IReadOnlyList<string> paths = call.Get(Paths) is { Length: > 0 } given ? given : [Generate(call, Path.Combine(scratch, "logs"))];
            var results = await MeasureAsync(call, paths, scratch, ct);
            await call.WriteAsync(ResultSet.Of(Columns, results.GroupBy(r => r.Way).Select(runs => Row([.. runs], results))), ct);
            return ExitCode.Fine;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    /// <summary>In turns, so that what disturbs one disturbs the other; the first round is for compilers and caches and does not count.</summary>
    private static async Task<List<BenchResult>> MeasureAsync(Invocation call, IReadOnlyList<string> paths, string scratch, CancellationToken ct)
    {
        var compression = call.Get(Zstd) ? CompressionMethod.Zstd : CompressionMethod.Snappy;
        var ours = new IngestBench(paths, scratch, compression);
        var theirs = call.Get(Compare) ? new DuckDbBench(await FilesAsync(paths, ct), scratch, compression) : null;
        var results = new List<BenchResult>();
        for (var round = 0; round <= call.Get(Rounds); round++)
        {
            var (result, summary) = await ours.RunAsync(ct);
            if (round == 0)
            {
                IngestOutput.TellRefusals(summary, call);
                continue;
            }

            results.Add(result);
            if (theirs is not null && await TryAsync(call, theirs, ct) is { } other)
                results.Add(other);
            else
                theirs = null;
        }

        return results;
    }

    private static async Task<BenchResult?> TryAsync(Invocation call, DuckDbBench theirs, CancellationToken ct)
    {
        try
        {
            return await theirs.RunAsync(ct);
        }
        catch (DuckDBException e)
        {
            call.Note($"DuckDB could not read these logs, so there is nothing to compare with: {e.Message}");
            return null;
        }
    }

    /// <summary>The blobs as an ingest finds them, so that both read the same files.</summary>
    private static async Task<IReadOnlyList<string>> FilesAsync(IReadOnlyList<string> paths, CancellationToken ct)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            await foreach (var entry in new LocalBlobSource(path).ListAsync(new BlobWindow(), ct))
            {
                if (entry.Blob is { Length: > 0 })
                    files.Add(entry.Path);
            }
        }

        return files;
    }

    private static string Generate(Invocation call, string folder)
    {
        call.Note($"Generating about {call.Get(Megabytes)} MB of NSG version 2 logs of 20 busy nodes.");
        new LogGenerator(new LogLaw { Bytes = call.Get(Megabytes) * 1_000_000L }).Write(Directory.CreateDirectory(folder).FullName);
        return folder;
    }

    private static readonly string[] Columns =
    [
        "way", "rounds", "bytes", "rows", "seconds", "times", "mb_per_second", "rows_per_second", "processor_ns_per_row", "parquet_bytes_per_row", "peak_mib",
        "allocated_per_row", "steady_allocated_per_row",
    ];

    private static object?[] Row(IReadOnlyList<BenchResult> runs, List<BenchResult> all)
    {
        var (median, ours) = (BenchResult.Median(runs), BenchResult.Median([.. all.Where(r => r.Way == all[0].Way)]));
        return
        [
            median.Way, runs.Count, median.Bytes, median.Rows, Math.Round(median.Seconds, 3), Math.Round(median.Seconds / ours.Seconds, 2), Math.Round(median.MegabytesPerSecond, 1),
            Math.Round(median.RowsPerSecond), median.Rows == 0 ? null : Math.Round(median.ProcessorSeconds * 1e9 / median.Rows), Math.Round(median.OutputBytesPerRow, 2),
            Math.Round(runs.Max(r => r.PeakBytes) / 1048576.0), Rounded(median.AllocatedPerRow), Rounded(median.SteadyAllocatedPerRow),
        ];
    }

    private static double? Rounded(double? value) => value is { } v ? Math.Round(v, 2) : null;

    private static Option<int> Number(string name, string helpName, int normal, int most, string description) => new Option<int>(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => normal,
    }.AcceptOnlyFrom(1, most);
}
