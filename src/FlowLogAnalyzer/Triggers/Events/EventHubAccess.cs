using Azure.Core;
using FlowLogAnalyzer.Blobs.Remote;

namespace FlowLogAnalyzer.Triggers.Events;

/// <summary>How an event hub is reached: a connection string with a key, or a token of whoever runs this.</summary>
public sealed record EventHubAccess
{
    public const string ConnectionStringVariable = "FLOWLOG_EVENTHUB_CONNECTION_STRING";

    /// <summary>Of a policy of the namespace or hub (Listen or Send), as <c>az eventhubs namespace authorization-rule keys list</c> prints it.</summary>
    public string? ConnectionString { get; init; } = Environment.GetEnvironmentVariable(ConnectionStringVariable) is { Length: > 0 } text ? text : null;

    /// <summary>Null = the Azure CLI's on a laptop, the managed or workload identity in Azure. Never asks a person.</summary>
    public TokenCredential? Credential { get; init; }

    /// <summary>How long an event may wait for its confirmation, retries included.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Told what passes by itself, such as a broker that does not answer; whole sentences.</summary>
    public Action<string>? OnNote { get; init; }

    internal TokenCredential Identity => Credential ?? AzureIdentity.WhoRunsThis;

    /// <exception cref="ArgumentException">The connection string is broken, or of another namespace.</exception>
    internal void Check(EventHubAddress address)
    {
        if (ConnectionString is null)
            return;

        const string Start = "Endpoint=sb://";
        var endpoint = ConnectionString.Split(';').FirstOrDefault(p => p.StartsWith(Start, StringComparison.OrdinalIgnoreCase));
        if (endpoint is null || !ConnectionString.Contains("SharedAccessKey=", StringComparison.Ordinal))
            throw new ArgumentException("The connection string of the event hub cannot be read. Expected is Endpoint=sb://NAMESPACE.servicebus.windows.net/;SharedAccessKeyName=...;SharedAccessKey=... (a key: signatures do not work over Kafka).", nameof(address));

        var host = endpoint[Start.Length..].TrimEnd('/').Split(':')[0];
        if (!host.Equals(address.Host, StringComparison.OrdinalIgnoreCase) && !address.IsLoopback)
            throw new ArgumentException($"The connection string is of {host}, and the event hub lies in {address.Host}. Give that of {address.Host}, or none (and unset {ConnectionStringVariable}) to use a token.", nameof(address));
    }
}
