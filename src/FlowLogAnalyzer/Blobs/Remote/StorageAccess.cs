using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

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
        var options = With(new BlobClientOptions());
        if (ConnectionString is not null && IsOfAccount(location))
            return new BlobContainerClient(ConnectionString, location.Container, options);

        var address = new Uri(location.ContainerAddress);
        if (location.Sas is not null)
            return new BlobContainerClient(address, new AzureSasCredential(location.Sas), options);
        if (address.Scheme != Uri.UriSchemeHttps)
            throw new ArgumentException($"'{location}' is not encrypted, so no token may be sent there. Give --connection-string (or set {ConnectionStringVariable}) for an emulator.", nameof(location));

        return new BlobContainerClient(address, Credential ?? AzureIdentity.WhoRunsThis, options);
    }

    /// <param name="place">A queue's name in the account of the connection string, or its address <c>https://ACCOUNT.queue.core.windows.net/NAME</c>.</param>
    /// <param name="ending">Appended to the name: for the poison queue beside it.</param>
    /// <exception cref="ArgumentException">It is neither, or the connection string is broken; the message says what is expected.</exception>
    public QueueClient OpenQueue(string place, string ending = "")
    {
        // Senders differ in whether they encode: the text is taken as it is, and looked into.
        var options = With(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None });
        if (!StorageLocation.IsAddress(place))
            return ConnectionString is not null
                ? new QueueClient(ConnectionString, place + ending, options)
                : throw new ArgumentException($"'{place}' is the name of a queue, but of which account? Give its address, https://ACCOUNT.queue.core.windows.net/{place}, or a connection string ({ConnectionStringVariable}).", nameof(place));

        var given = new QueueUriBuilder(new Uri(place));
        if (string.IsNullOrEmpty(given.QueueName))
            throw new ArgumentException($"'{place.Split('?')[0]}' names no queue. Expected is https://ACCOUNT.queue.core.windows.net/NAME.", nameof(place));
        var sas = given.Sas?.ToString();
        var address = new QueueUriBuilder(new Uri(place)) { QueueName = given.QueueName + ending, Sas = null, Query = "" }.ToUri();
        if (ConnectionString is not null && new QueueClient(ConnectionString, given.QueueName + ending).Uri == address)
            return new QueueClient(ConnectionString, given.QueueName + ending, options);
        if (sas is not null)
            return new QueueClient(address, new AzureSasCredential(sas), options);
        if (address.Scheme != Uri.UriSchemeHttps)
            throw new ArgumentException($"'{address}' is not encrypted, so no token may be sent there. Give --connection-string (or set {ConnectionStringVariable}) for an emulator.", nameof(place));
        return new QueueClient(address, Credential ?? AzureIdentity.WhoRunsThis, options);
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

    private T With<T>(T options)
        where T : ClientOptions
    {
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
