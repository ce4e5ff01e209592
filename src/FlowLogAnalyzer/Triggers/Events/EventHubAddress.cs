using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace FlowLogAnalyzer.Triggers.Events;

/// <summary>
/// An event hub: <c>NAMESPACE/HUB</c>, <c>NAMESPACE.servicebus.windows.net/HUB</c>, or <c>HOST:PORT/HUB</c> for an emulator.
/// The port is that of the Kafka endpoint (Azure docs, azure-event-hubs-apache-kafka-overview).
/// </summary>
public sealed partial record EventHubAddress
{
    private const int KafkaPort = 9093;
    private const string PublicSuffix = ".servicebus.windows.net";

    private EventHubAddress(string host, int port, string hub) => (Host, Port, Hub) = (host, port, hub);

    public string Host { get; }

    public int Port { get; }

    public string Hub { get; }

    /// <summary>On this machine, where nothing is encrypted: an emulator.</summary>
    public bool IsLoopback => Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    internal string Endpoint => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <exception cref="FormatException">It is none of these forms; the message says what is expected.</exception>
    public static EventHubAddress Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
            throw new FormatException($"'{text}' names no event hub. Expected is NAMESPACE/HUB, such as contoso-logs/flowlog.");

        var host = match.Groups["host"].Value;
        var port = match.Groups["port"] is { Success: true } given ? int.Parse(given.Value, CultureInfo.InvariantCulture) : KafkaPort;
        var isShort = !host.Contains('.', StringComparison.Ordinal) && host != "localhost";
        return new EventHubAddress(isShort ? host + PublicSuffix : host, port, match.Groups["hub"].Value);
    }

    public override string ToString() => Port == KafkaPort ? $"{Host}/{Hub}" : $"{Endpoint}/{Hub}";

    [GeneratedRegex(@"^(?<host>[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)(:(?<port>[0-9]{1,5}))?/(?<hub>[A-Za-z0-9][A-Za-z0-9._-]{0,255})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
