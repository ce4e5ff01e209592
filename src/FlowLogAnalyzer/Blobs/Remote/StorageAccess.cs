using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace FlowLogAnalyzer.Blobs.Remote;

/// <summary>
/// How storage is reached: a connection string, a signature in the address, or a token of whoever runs this. Retries, with
/// exponentially growing pauses and jitter, are those of the Azure SDK: 408, 429, 500, 502, 503, 504 and broken connections.
/// </summary>
public sealed record StorageAccess
{
    /// <summary>The variable that the Azure CLI knows too.</summary>
    public const string ConnectionStringVariable = "AZURE_STORAGE_CONNECTION_STRING";

    /// <summary>Used for addresses of its account, such as an emulator's; others are opened with a token.</summary>
    public string? ConnectionString { get; init; } = Environment.GetEnvironmentVariable(ConnectionStringVariable) is { Length: > 0 } text ? text : null;

    /// <summary>Null = the Azure CLI's on a laptop, the managed or workload identity in Azure. Never asks a person.</summary>
    public TokenCredential? Credential { get; init; }

    /// <summary>Null = HTTP; tests put something before it.</summary>
    public HttpPipelineTransport? Transport { get; init; }

    /// <summary>Attempts after the first one.</summary>
    public int MaxRetries { get; init; } = 6;

    /// <summary>Before the first retry; doubled for each further one.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(800);

    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one attempt may be silent.</summary>
    public TimeSpan NetworkTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <exception cref="ArgumentException">The connection string is broken, or of another account.</exception>
    public BlobContainerClient Open(StorageLocation location)
    {
        var options = Options();
        if (ConnectionString is not null && IsOfAccount(location))
            return new BlobContainerClient(ConnectionString, location.Container, options);

        var address = new Uri(location.ContainerAddress);
        if (location.Sas is not null)
            return new BlobContainerClient(address, new AzureSasCredential(location.Sas), options);
        if (address.Scheme != Uri.UriSchemeHttps)
            throw new ArgumentException($"'{location}' is not encrypted, so no token may be sent there. Give --connection-string (or set {ConnectionStringVariable}) for an emulator.", nameof(location));

        return new BlobContainerClient(address, Credential ?? AzureIdentity.WhoRunsThis, options);
    }

    private bool IsOfAccount(StorageLocation location)
    {
        Uri account;
        try
        {
            account = new BlobServiceClient(ConnectionString).Uri;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new ArgumentException("The connection string cannot be read. Expected is the text that `az storage account show-connection-string` prints, or UseDevelopmentStorage=true.", nameof(location), e);
        }

        return Uri.Compare(account, location.Account, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0
            && account.AbsolutePath.Trim('/') == location.Account.AbsolutePath.Trim('/');
    }

    private BlobClientOptions Options()
    {
        var options = new BlobClientOptions();
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = MaxRetries;
        options.Retry.Delay = RetryDelay;
        options.Retry.MaxDelay = MaxRetryDelay;
        options.Retry.NetworkTimeout = NetworkTimeout;
        options.Diagnostics.IsTelemetryEnabled = false;
        if (Transport is not null)
            options.Transport = Transport;
        return options;
    }
}
