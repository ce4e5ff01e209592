using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Environments;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using FlowLogAnalyzer.Benchmarks;
using FlowLogAnalyzer.Benchmarks.LargeLake;
using FlowLogAnalyzer.Benchmarks.Replays;
using FlowLogAnalyzer.Benchmarks.Scale;

// `contention` and `opening` are runs of their own, described in docs/scale.md.
switch (args.FirstOrDefault())
{
    case "contention":
        return await Contention.RunAsync(args);
    case "opening":
        return await Opening.RunAsync(args);
}

// `--smoke` shows that every benchmark runs: a few seconds, in this process, times not worth reading.
// `check --rows 10000000` runs `flowlog check` over a lake of that size: see CheckBenchmark.
if (args is ["check", ..])
    return await CheckBenchmark.RunAsync(args);
// `--replay 10000000` measures `flowlog replay` over so many tuples.
if (args.Contains("--replay"))
    return await ReplayRun.RunAsync(args);
// `--cold-start artifacts/functionapp` starts the published handler of the Functions app again and again.
// Everything else goes to BenchmarkDotNet: `-- --filter "*Tuple*"`.
if (args is ["--cold-start", var app, ..])
    return await ColdStart.RunAsync(app, args.Length > 2 ? int.Parse(args[2]) : 9);

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

return broken.Count == 0 ? 0 : 1;
