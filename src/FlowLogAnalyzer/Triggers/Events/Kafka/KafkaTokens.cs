using Azure.Core;
using Azure.Identity;
using Confluent.Kafka;

namespace FlowLogAnalyzer.Triggers.Events.Kafka;

/// <summary>Tokens of Entra ID for OAUTHBEARER; librdkafka asks at the start and again before one expires.</summary>
internal sealed class KafkaTokens(EventHubAddress address, EventHubAccess access)
{
    public void Refresh(IClient client)
    {
        try
        {
            var token = access.Identity.GetToken(new TokenRequestContext([KafkaSettings.Scope(address)]), CancellationToken.None);
            client.OAuthBearerSetToken(token.Token, token.ExpiresOn.ToUnixTimeMilliseconds(), "flowlog");
        }
        catch (Exception e) when (e is AuthenticationFailedException or InvalidOperationException or HttpRequestException or KafkaException)
        {
            client.OAuthBearerSetTokenFailure(e.Message);
        }
    }
}
