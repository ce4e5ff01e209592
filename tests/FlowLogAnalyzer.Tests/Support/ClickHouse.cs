using System.Diagnostics;
using System.Text.Json;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>
/// ClickHouse as a library (npm package chdb) in a child process: an independent reader of Delta tables. Its packages are
/// installed on first use; without npm the tests that need it fail, they are not skipped.
/// </summary>
internal static class ClickHouse
{
    private static string Folder { get; } = Path.Combine(RepositoryPaths.Root, "tests", "readers");

    /// <summary>Runs statements in one process; per statement its rows, each as its cells in text.</summary>
    public static async Task<IReadOnlyList<string[][]>> QueryAsync(params string[] statements)
    {
        await NodePackages.InstallAsync(Folder, "chdb");
        var output = await RunAsync("node", $"\"{Path.Combine(Folder, "query.cjs")}\"", Path.GetTempPath(), JsonSerializer.Serialize(statements));
        using var document = JsonDocument.Parse(output);
        return [.. document.RootElement.EnumerateArray().Select(Rows)];
    }

    /// <summary>The one row of one statement.</summary>
    public static async Task<string[]> RowAsync(string statement) => (await QueryAsync(statement)).Single().Single();

    private static string[][] Rows(JsonElement rows) => [.. rows.EnumerateArray().Select(r => r.EnumerateArray().Select(c => c.ToString()).ToArray())];

    private static async Task<string> RunAsync(string program, string arguments, string folder, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, // the engine opens only files below it
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} {arguments} ended with {process.ExitCode}: {await error}");
    }
}
