using FlowLogAnalyzer.Cli;
using FlowLogAnalyzer.Cli.Hosting;

return OpenFileLimit.IsTooLow() ? ExitCode.Failed : await CommandLineTool.RunAsync(args, CliHost.OfThisProcess());
