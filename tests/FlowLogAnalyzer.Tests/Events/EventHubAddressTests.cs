using Confluent.Kafka;
using FlowLogAnalyzer.Triggers.Events;
using FlowLogAnalyzer.Triggers.Events.Kafka;

namespace FlowLogAnalyzer.Tests.Events;

public class EventHubAddressTests
{
    private const string Key = "Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=listen;SharedAccessKey=c2VjcmV0";

    [Theory]
    [InlineData("contoso/flowlog", "contoso.servicebus.windows.net", 9093, "flowlog")]
    [InlineData("contoso.servicebus.windows.net/flow-log_1", "contoso.servicebus.windows.net", 9093, "flow-log_1")]
    [InlineData("contoso.servicebus.usgovcloudapi.net/flowlog", "contoso.servicebus.usgovcloudapi.net", 9093, "flowlog")]
    [InlineData("localhost:9092/flowlog", "localhost", 9092, "flowlog")]
    [InlineData("127.0.0.1:40123/flowlog", "127.0.0.1", 40123, "flowlog")]
    public void Namespace_and_hub_lead_to_the_Kafka_endpoint(string text, string host, int port, string hub)
    {
        var address = EventHubAddress.Parse(text);

        Assert.Equal((host, port, hub), (address.Host, address.Port, address.Hub));
    }

    [Theory]
    [InlineData("")]
    [InlineData("flowlog")]
    [InlineData("contoso/")]
    [InlineData("/flowlog")]
    [InlineData("contoso/a/b")]
    [InlineData("contoso/with space")]
    [InlineData("sb://contoso/flowlog")]
    public void What_names_no_hub_is_refused_with_what_was_expected(string text)
    {
        Assert.Contains("NAMESPACE/HUB", Assert.Throws<FormatException>(() => EventHubAddress.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_string_goes_encrypted_as_the_service_asks_for_it()
    {
        var config = KafkaSettings.Consumer(EventHubAddress.Parse("contoso/flowlog"), "flowlog", new EventHubAccess { ConnectionString = Key });

        Assert.Equal((SecurityProtocol.SaslSsl, SaslMechanism.Plain, "$ConnectionString", Key), (config.SecurityProtocol, config.SaslMechanism, config.SaslUsername, config.SaslPassword));
        Assert.False(config.EnableAutoCommit);
    }

    [Fact]
    public void Without_one_a_token_goes_encrypted_and_only_an_emulator_is_spoken_to_in_the_clear()
    {
        var open = new EventHubAccess { ConnectionString = null };
        var service = KafkaSettings.Producer(EventHubAddress.Parse("contoso/flowlog"), open);
        var emulator = KafkaSettings.Producer(EventHubAddress.Parse("localhost:9092/flowlog"), open);

        Assert.Equal((SecurityProtocol.SaslSsl, SaslMechanism.OAuthBearer), (service.SecurityProtocol, service.SaslMechanism));
        Assert.Equal("https://contoso.servicebus.windows.net/.default", KafkaSettings.Scope(EventHubAddress.Parse("contoso/flowlog")));
        Assert.Null(emulator.SecurityProtocol);
        Assert.Equal(1_000_000, service.MessageMaxBytes);
    }

    [Theory]
    [InlineData("fabrikam/flowlog", Key, "is of contoso.servicebus.windows.net")]
    [InlineData("contoso/flowlog", "SharedAccessSignature sr=x&sig=y", "cannot be read")]
    [InlineData("contoso/flowlog", "Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessSignature=y", "signatures do not work")]
    public void A_connection_string_that_does_not_fit_is_explained_and_not_shown(string hub, string text, string expected)
    {
        var e = Assert.Throws<ArgumentException>(() => KafkaSettings.Producer(EventHubAddress.Parse(hub), new EventHubAccess { ConnectionString = text }));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", e.Message, StringComparison.Ordinal);
    }
}
