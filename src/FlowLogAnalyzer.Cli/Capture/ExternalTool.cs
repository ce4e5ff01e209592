using System.Diagnostics;
using FlowLogAnalyzer.Cli.Hosting;

namespace FlowLogAnalyzer.Cli.Capture;

/// <summary>What a run of another program came to; <paramref name="Error"/> is its first line on standard error, null when it went well.</summary>
internal sealed record ToolRun(string CommandLine, string? Error)
{
    public bool Succeeded => Error is null;
}

/// <summary>A program on the PATH, such as kubectl, whose standard output is wanted in a file.</summary>
internal sealed class ExternalTool(string name, string executable)
{
    /// <summary>Null when there is no such program on the PATH.</summary>
    public static ExternalTool? Find(string name, CliHost host)
    {
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];
        var found = (host.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => endings.Select(ending => Path.Combine(folder, name + ending)))
            .FirstOrDefault(File.Exists);
        return found is null ? null : new ExternalTool(name, found);
    }

    /// <summary>Runs it; a file of a failed run is removed, since half an export would look like a whole one.</summary>
    public async Task<ToolRun> RunAsync(IReadOnlyList<string> arguments, string outputFile, CancellationToken ct)
    {
        var start = new ProcessStartInfo(executable, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using var process = Process.Start(start) ?? throw new CliException($"{executable} could not be started.");
        process.StandardInput.Close(); // `az` must fail rather than wait for somebody to log in
        var error = await CopyAsync(process, outputFile, ct);
        if (process.ExitCode != 0)
            File.Delete(outputFile);

        var failure = process.ExitCode == 0 ? null : FirstLine(error) ?? $"exit code {process.ExitCode}";
        return new ToolRun($"{name} {string.Join(' ', arguments)}", failure);
    }

    private static async Task<string> CopyAsync(Process process, string outputFile, CancellationToken ct)
    {
        try
        {
            var error = process.StandardError.ReadToEndAsync(ct);
            await using (var output = File.Create(outputFile))
                await process.StandardOutput.BaseStream.CopyToAsync(output, ct);

            await process.WaitForExitAsync(ct);
            return await error;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string? FirstLine(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
}
