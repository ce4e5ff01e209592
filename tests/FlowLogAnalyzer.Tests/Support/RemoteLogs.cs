using Azure.Storage.Blobs;
using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>A container of the emulator with a writer like the platform's, and ways to read it.</summary>
internal sealed class RemoteLogs
{
    private RemoteLogs(BlobContainerClient container, string connection)
    {
        Container = container;
        Connection = connection;
        Writer = new PlatformWriter(container);
    }

    public BlobContainerClient Container { get; }

    public string Connection { get; }

    public PlatformWriter Writer { get; }

    public string Address => Container.Uri.ToString();

    public static async Task<RemoteLogs> CreateAsync() => new(await Azurite.ContainerAsync(), await Azurite.ConnectionStringAsync());

    /// <summary>Blob name of a NIC and hour: the path without its container.</summary>
    public static string Name(int nic, DateTime? hour = null) => LogBlobs.Path(nic, hour)[(LogBlobs.Path(nic, hour).IndexOf('/') + 1)..];

    /// <summary>Access with short pauses between retries, through a transport that counts and harms.</summary>
    public StorageAccess Access(MeteredTransport? transport = null) => new()
    {
        ConnectionString = Connection,
        Transport = transport,
        RetryDelay = TimeSpan.FromMilliseconds(2),
        MaxRetryDelay = TimeSpan.FromMilliseconds(20),
        NetworkTimeout = TimeSpan.FromSeconds(20),
    };

    public AzureBlobSource Source(MeteredTransport? transport = null, string prefix = "") => new(StorageLocation.Parse($"{Address}/{prefix}"), Access(transport));

    public async Task<IngestSummary> IngestAsync(string lake, MeteredTransport? transport = null, Func<IngestOptions, IngestOptions>? change = null)
    {
        var options = new IngestOptions(await FlowLake.OpenAsync(lake)) { CommitInterval = TimeSpan.FromMilliseconds(20) };
        return await IngestPipeline.RunAsync(change?.Invoke(options) ?? options, [Source(transport)]);
    }

    /// <summary>The rows of one reading of the blobs as they are now into an empty lake.</summary>
    public async Task<string[]> CleanRowsAsync()
    {
        using var folder = new TemporaryFolder();
        await IngestAsync(folder["clean"]);
        return await Ingests.RowsAsync(folder["clean"]);
    }
}
