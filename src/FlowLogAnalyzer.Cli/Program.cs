using FlowLogAnalyzer.Cli.Hosting;

return await CommandLineTool.RunAsync(args, CliHost.OfThisProcess());
