using System.Diagnostics;
using System.Text;
using FlowLogAnalyzer.Query.Engines;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>
/// The embedded ClickHouse of tests/readers behind its HTTP interface, started once per test run when a test first asks for
/// it. It ends with this process, because the pipe to its standard input closes. CLICKHOUSE_URL names one that runs already.
/// Without npm the tests that need it fail, they are not skipped.
/// </summary>
internal static class ClickHouseServer
{
    public const string User = "flowlog";

    private const string Announcement = "Listening at ";
    private static readonly Lazy<Task<Uri>> Started = new(StartAsync);
    private static Process? _process; // lives as long as the test run

    private static string Folder { get; } = Path.Combine(RepositoryPaths.Root, "tests", "readers");

    public static async Task<ClickHouseOptions> OptionsAsync(string? source = null) => new(await Started.Value) { Source = source, TrustsUser = true };

    /// <summary>What the server says to a statement, as it is, in tab-separated lines: for a look behind the client's back.</summary>
    public static async Task<string> AskAsync(Uri server, string sql)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsync(new Uri(server, "?default_format=TSV"), new StringContent(sql));
        var answer = (await response.Content.ReadAsStringAsync()).Trim();
        return response.IsSuccessStatusCode ? answer : throw new InvalidOperationException($"ClickHouse refused: {sql}\n{answer}");
    }

    /// <summary>Starts one of its own that asks for a password.</summary>
    public static async Task<(Process Process, Uri Url)> LaunchAsync(string? password = null)
    {
        await NodePackages.InstallAsync(Folder, "chdb");
        var start = new ProcessStartInfo("node", $"\"{Path.Combine(Folder, "server.cjs")}\"")
        {
            WorkingDirectory = Path.GetTempPath(), // the engine opens only files below it
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CLICKHOUSE_PASSWORD"] = password;
        var process = Process.Start(start)!;
        var error = new StringBuilder();
        process.ErrorDataReceived += (_, line) => error.AppendLine(line.Data);
        process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
                return (process, new Uri(line[Announcement.Length..]));
        throw new InvalidOperationException($"ClickHouse ended before it listened: {error}");
    }

    private static async Task<Uri> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("CLICKHOUSE_URL") is { Length: > 0 } running)
            return new Uri(running);

        (_process, var url) = await LaunchAsync();
        return url;
    }
}
