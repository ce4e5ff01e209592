using Confluent.Kafka;

namespace FlowLogAnalyzer.Triggers.Events.Kafka;

/// <summary>What librdkafka reports, as the exceptions that the rest of this library knows.</summary>
internal static class KafkaErrors
{
    public const string ReadRight = "Azure Event Hubs Data Receiver";
    public const string SendRight = "Azure Event Hubs Data Sender";

    /// <summary>The group was divided anew while this reader worked: its events are another's now.</summary>
    public static bool IsRebalance(Error error) => error.Code
        is ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId or ErrorCode.RebalanceInProgress or ErrorCode.FencedInstanceId
        or ErrorCode.FencedMemberEpoch or ErrorCode.Local_AssignmentLost or ErrorCode.Local_NoOffset;

    public static bool IsDenied(Error error) => error.Code
        is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.TopicAuthorizationFailed
        or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed;

    private static bool IsMissing(Error error) => error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.UnknownTopicId;

    /// <summary>True when no waiting brings it: only what somebody changes does.</summary>
    public static bool IsFinal(Error error) => error.IsFatal || IsDenied(error) || IsMissing(error);

    public static Exception Translate(Error error, EventHubAddress address, string right) => IsDenied(error)
        ? new EventHubDeniedException($"The event hub {address} does not let this identity in ({error.Reason}). With a token, the role {right} is needed on the namespace or the hub; with a connection string, its key must be valid and local authentication allowed.", new KafkaException(error))
        : new EventHubException(Sentence(error, address), new KafkaException(error));

    private static string Sentence(Error error, EventHubAddress address) => error.Code switch
    {
        _ when IsMissing(error) => $"There is no event hub {address.Hub} in {address.Host}: create it, or correct the name.",
        ErrorCode.MsgSizeTooLarge => $"The event hub {address} takes no event of this size.",
        ErrorCode.Local_MsgTimedOut or ErrorCode.Local_TimedOut => $"The event hub {address} did not confirm in time. Its tier must be Standard or higher, and port {address.Port} must be open to it.",
        _ => $"The event hub {address}: {error.Reason}",
    };
}
