using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>
/// The storage emulator of tests/azurite, started once per test run when a test first asks for it. It ends with this
/// process, because the pipe to its standard input closes. AZURITE_CONNECTION names one that runs already.
/// Without npm the tests that need it fail, they are not skipped.
/// </summary>
internal static partial class Azurite
{
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly Lazy<Task<string>> Started = new(StartAsync);
    private static Process? _process; // lives as long as the test run

    private static string Folder { get; } = Path.Combine(RepositoryPaths.Root, "tests", "azurite");

    public static Task<string> ConnectionStringAsync() => Started.Value;

    /// <summary>What the emulator of this test run has used so far; null when it was there before.</summary>
    public static TimeSpan? ProcessorTime()
    {
        _process?.Refresh();
        return _process?.TotalProcessorTime;
    }

    /// <summary>A new container of its own.</summary>
    public static async Task<BlobContainerClient> ContainerAsync()
    {
        var container = new BlobContainerClient(await ConnectionStringAsync(), "t" + Guid.NewGuid().ToString("N"));
        await container.CreateAsync();
        return container;
    }

    /// <summary>A new queue of its own.</summary>
    public static async Task<QueueClient> QueueAsync()
    {
        var queue = new QueueClient(await ConnectionStringAsync(), "t" + Guid.NewGuid().ToString("N"));
        await queue.CreateAsync();
        return queue;
    }

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("AZURITE_CONNECTION") is { Length: > 0 } running)
            return running;

        (_process, var endpoints) = await LaunchAllAsync();
        var connection = $"{ConnectionString(endpoints["Blob"])}QueueEndpoint={endpoints["Queue"]};";
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await new BlobServiceClient(connection).GetPropertiesAsync(patience.Token);
        return connection;
    }

    /// <summary>With the key that every emulator has.</summary>
    public static string ConnectionString(string endpoint) =>
        $"DefaultEndpointsProtocol={endpoint.Split(':')[0]};AccountName=devstoreaccount1;AccountKey={Key};BlobEndpoint={endpoint};";

    /// <summary>Starts an emulator of its own; it ends with this process, or when it is killed.</summary>
    public static async Task<(Process Process, string BlobEndpoint)> LaunchAsync(params string[] more)
    {
        var (process, endpoints) = await LaunchAllAsync(more);
        return (process, endpoints["Blob"]);
    }

    private static async Task<(Process Process, IReadOnlyDictionary<string, string> Endpoints)> LaunchAllAsync(params string[] more)
    {
        await NodePackages.InstallAsync(Folder, "azurite");
        var start = new ProcessStartInfo("node") { UseShellExecute = false, WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments = ["run.cjs", "--inMemoryPersistence", "--skipApiVersionCheck", "--silent", "--disableTelemetry", "--extentMemoryLimit", "2048", "--blobPort", "0", "--queuePort", "0", "--tablePort", "0", .. more];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        var error = new StringBuilder();
        process.ErrorDataReceived += (_, line) => error.AppendLine(line.Data);
        process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        var endpoints = await EndpointsAsync(process, error, patience.Token);
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None); // or the pipe fills up
        return (process, endpoints);
    }

    /// <summary>By service.</summary>
    private static async Task<Dictionary<string, string>> EndpointsAsync(Process process, StringBuilder error, CancellationToken ct)
    {
        var endpoints = new Dictionary<string, string>(StringComparer.Ordinal);
        while (endpoints.Count < 3)
        {
            var line = await process.StandardOutput.ReadLineAsync(ct)
                ?? throw new InvalidOperationException($"Azurite ended before it listened: {error}");
            if (Listening().Match(line) is { Success: true } match)
                endpoints[match.Groups["service"].Value] = match.Groups["address"].Value + "/devstoreaccount1";
        }

        return endpoints;
    }

    [GeneratedRegex("Azurite (?<service>[A-Za-z]+) service is successfully listening at (?<address>https?://[^ ]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();
}
