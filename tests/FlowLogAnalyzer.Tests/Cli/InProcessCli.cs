using FlowLogAnalyzer.Cli.Hosting;

namespace FlowLogAnalyzer.Tests.Cli;

/// <summary>The tool from its entry point on, without a process: arguments in; exit code, standard output and standard error out.</summary>
internal static class InProcessCli
{
    /// <summary>The command tree is made of options that all trees share.</summary>
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    public static Task<CliRun> Of(params string[] arguments) => OfAsync(TimeProvider.System, arguments);

    public static async Task<CliRun> OfAsync(TimeProvider clock, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var host = new CliHost
        {
            Out = output,
            Error = error,
            OpenInput = () => Stream.Null,
            Clock = clock,
            Variable = _ => null,
            OutIsTerminal = false,
            ErrorIsTerminal = false,
            Width = 100,
        };
        await OneAtATime.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return new CliRun(await CommandLineTool.RunAsync(arguments, host), output.ToString(), error.ToString());
        }
        finally
        {
            OneAtATime.Release();
        }
    }
}
