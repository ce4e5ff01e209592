using System.CommandLine;
using System.CommandLine.Invocation;
using FlowLogAnalyzer.Hosting;

namespace FlowLogAnalyzer.Cli.Hosting;

/// <summary>The tool as a function: arguments in, exit code out.</summary>
internal static class CommandLineTool
{
    /// <summary>How long what has begun may take to end after Ctrl+C or SIGTERM.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(string[] args, CliHost host)
    {
        using var telemetry = TelemetryExport.FromEnvironment(host.Variable, "flowlog");
        host = host.Guarded() with { Telemetry = telemetry };
        var parsed = CommandTree.Build(host).Parse(args);
        if (parsed.Action is ParseErrorAction)
            return await UsageErrorAsync(parsed, host);

        var configuration = new InvocationConfiguration
        {
            Output = host.Out,
            Error = host.Error,
            EnableDefaultExceptionHandler = false,
            // A commit that is under way is finished, not torn: give it time.
            ProcessTerminationTimeout = Grace + TimeSpan.FromSeconds(10),
        };
        var code = await parsed.InvokeAsync(configuration);
        await FlushAsync(host.Out);
        return code;
    }

    /// <summary>Errors go to standard error, without the whole help: the sentence is what helps.</summary>
    private static async Task<int> UsageErrorAsync(ParseResult parsed, CliHost host)
    {
        foreach (var error in parsed.Errors.DistinctBy(e => e.Message))
            await host.Error.WriteLineAsync($"flowlog: {error.Message}");

        await host.Error.WriteLineAsync($"Type '{PathOf(parsed.CommandResult.Command)} --help' for what it takes, with examples.");
        return ExitCode.Usage;
    }

    private static string PathOf(Command command)
    {
        var names = new List<string>();
        for (Symbol? at = command; at is Command and not RootCommand; at = at.Parents.FirstOrDefault())
            names.Insert(0, at.Name);

        return string.Join(' ', names.Prepend("flowlog"));
    }

    private static async Task FlushAsync(TextWriter writer)
    {
        try
        {
            await writer.FlushAsync();
        }
        catch (IOException)
        {
            // The reader of the pipe is gone: nobody is left to tell.
        }
    }
}
