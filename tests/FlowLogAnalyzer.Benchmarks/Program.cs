using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Environments;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using FlowLogAnalyzer.Benchmarks;
using FlowLogAnalyzer.Benchmarks.Compaction;
using FlowLogAnalyzer.Benchmarks.LargeLake;
using FlowLogAnalyzer.Benchmarks.Replays;
using FlowLogAnalyzer.Benchmarks.Scale;

// Runs of whole commands, each described where it is written and in docs/; everything else goes to BenchmarkDotNet: `-- --filter "*Tuple*"`.
// `--smoke` shows that every benchmark runs: a few seconds, in this process, times not worth reading.
switch (args.FirstOrDefault())
{
    case "allocation":
        return await AllocationCheck.RunAsync();
    case "check":
        return await CheckBenchmark.RunAsync(args);
    case "compaction":
        return await CompactionRun.RunAsync(args);
    case "replay":
        return await ReplayRun.RunAsync(args);
    case "cold-start":
        return await ColdStart.RunAsync(args);
    case "contention":
        return await Contention.RunAsync(args);
    case "opening":
        return await Opening.RunAsync(args);
}

if (!args.Contains("--smoke"))
{
    BenchmarkSwitcher.FromAssembly(typeof(SampleLog).Assembly).Run(args);
    return 0;
}

var job = Job.Dry.WithRuntime(CoreRuntime.Core10_0).WithToolchain(new InProcessEmitToolchain(logOutput: true));
var config = DefaultConfig.Instance.AddJob(job).WithOptions(ConfigOptions.DisableLogFile);
var summaries = BenchmarkRunner.Run(typeof(SampleLog).Assembly, config);
var broken = summaries.Where(s => s.HasCriticalValidationErrors || s.Reports.Length == 0 || s.Reports.Any(r => !r.Success)).ToList();
foreach (var summary in broken)
    await Console.Error.WriteLineAsync($"{summary.Title}: a benchmark did not run.");

var compaction = await CompactionRun.RunAsync(["--rows", "1", "--rounds", "1"]);
return broken.Count == 0 ? compaction : 1;
