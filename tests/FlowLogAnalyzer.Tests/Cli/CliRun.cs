using System.Diagnostics;
using System.Text.Json;

namespace FlowLogAnalyzer.Tests.Cli;

/// <summary>One run of the real program, as a shell would run it: separate process, separate streams, its exit code.</summary>
public sealed record CliRun(int ExitCode, string Out, string Error)
{
    /// <summary>In the tool's own folder, with the dependencies that it has there: beside the tests lie those of the tests.</summary>
    private static readonly string Tool = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "FlowLogAnalyzer.Cli", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "flowlog.dll"));

    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public static Task<CliRun> Of(params string[] arguments) => Of(arguments, null);

    public static async Task<CliRun> Of(string[] arguments, string? input, params (string Name, string? Value)[] variables)
    {
        using var process = Start(arguments, variables);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (input is not null)
            await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CliRun(process.ExitCode, await output, await error);
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
