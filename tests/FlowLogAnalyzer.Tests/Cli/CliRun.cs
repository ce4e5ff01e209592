using System.Diagnostics;
using System.Text;
using System.Text.Json;
using FlowLogAnalyzer.Cli.Hosting;

namespace FlowLogAnalyzer.Tests.Cli;

/// <summary>
/// One run of the program: arguments, input and exit code, with its two streams apart. In this process, which saves most of
/// the time; where the environment matters, or the process itself, as a shell would run it.
/// </summary>
public sealed record CliRun(int ExitCode, string Out, string Error)
{
    /// <summary>In the tool's own folder, with the dependencies that it has there: beside the tests lie those of the tests.</summary>
    private static readonly string Tool = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "FlowLogAnalyzer.Cli", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "flowlog.dll"));

    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public static Task<CliRun> Of(params string[] arguments) => Of(arguments, null);

    public static Task<CliRun> Of(string[] arguments, string? input, params (string Name, string? Value)[] variables) =>
        variables.Length == 0 ? InThisProcessAsync(arguments, input ?? "") : OfProgramAsync(arguments, input, variables);

    /// <summary>In a process of its own, whatever the environment.</summary>
    public static async Task<CliRun> OfProgramAsync(string[] arguments, string? input = null, params (string Name, string? Value)[] variables)
    {
        using var process = Start(arguments, variables);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (input is not null)
            await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CliRun(process.ExitCode, await output, await error);
    }

    private static async Task<CliRun> InThisProcessAsync(string[] arguments, string input)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var host = new CliHost
        {
            Out = output,
            Error = TextWriter.Synchronized(error),
            OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(input)),
            Clock = TimeProvider.System,
            Variable = name => name.StartsWith("FLOWLOG_", StringComparison.Ordinal) ? null : Environment.GetEnvironmentVariable(name),
            OutIsTerminal = false,
            ErrorIsTerminal = false,
            Width = 100,
        };
        var code = await Task.Run(() => CommandLineTool.RunAsync(arguments, host), TestContext.Current.CancellationToken);
        return new CliRun(code, output.ToString(), error.ToString());
    }

    public static Process Start(string[] arguments, params (string Name, string? Value)[] variables)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var argument in arguments.Prepend(Tool).Prepend("exec"))
            start.ArgumentList.Add(argument);
        start.Environment.Remove("FLOWLOG_LAKE");
        start.Environment.Remove("FLOWLOG_DEBUG");
        foreach (var (name, value) in variables)
            start.Environment[name] = value;

        return Process.Start(start)!;
    }
}
