using FlowLogAnalyzer.Triggers;
using FlowLogAnalyzer.Triggers.Queues;

namespace FlowLogAnalyzer.Tests.Ingest.Queues;

public sealed class PoisonTextTests
{
    [Theory]
    [InlineData(10, 40, true)]
    [InlineData(40_000, 40, true)]
    [InlineData(40_000, 60_000, true)] // the reason is cut
    [InlineData(49_000, 40, false)] // nothing fits beside it
    public void A_message_of_any_length_that_came_out_of_a_queue_fits_into_another_and_is_found_in_there(int length, int reason, bool hasReason)
    {
        var body = $$"""{"url":"https://a.blob.core.windows.net/c/{{new string('ä', length / 2)}}/PT1H.json"}""";
        var message = length > 45_000 ? PoisonText.Encoded(body) : body;
        Assert.InRange(message.Length, 1, PoisonText.MostBytes);

        var text = PoisonText.Of(message, new string('r', reason), ("deliveries", "5"));

        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(text), 1, PoisonText.MostBytes);
        Assert.Equal(body, Assert.Single(MessagePayload.Unwrap(text)).Json!.Value.GetRawText());
        Assert.Equal(hasReason, text != message);
    }
}
