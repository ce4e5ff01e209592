using System.Text;
using System.Text.Json;
using FlowLogAnalyzer.Functions.Protocol;
using FlowLogAnalyzer.Triggers;

namespace FlowLogAnalyzer.Tests.Functions;

/// <summary>The shapes in which a host 4.1037 sent messages, and those that its documentation shows.</summary>
public class InvocationDecoderTests
{
    public static TheoryData<string, string> Shapes => new()
    {
        { "a JSON message, as the host sends text", """{"Data":{"m":"\"{\\\"a\\\":1}\""},"Metadata":{}}""" },
        { "a JSON message, as documented", """{"Data":{"m":"{\"a\":1}"},"Metadata":{}}""" },
        { "an object", """{"Data":{"m":{"a":1}},"Metadata":{}}""" },
        { "bytes", """{"Data":{"m":"eyJhIjoxfQ=="},"Metadata":{}}""" },
        { "bytes inside of a JSON string", """{"Data":{"m":"\"eyJhIjoxfQ==\""},"Metadata":{}}""" },
        { "base64 of base64, as a queue without the host's decoding holds it", """{"Data":{"m":"ImV5SmhJam94ZlE9PSI="},"Metadata":{}}""" },
        { "many texts", """{"Data":{"m":"[\"{\\\"a\\\":1}\"]"},"Metadata":{}}""" },
        { "many byte arrays", """{"Data":{"m":"[\"eyJhIjoxfQ==\"]"},"Metadata":{}}""" },
        { "many objects", """{"Data":{"m":"[{\"a\":1}]"},"Metadata":{}}""" },
        { "a real array", """{"Data":{"m":[{"a":1}]},"Metadata":{}}""" },
        { "camel case", """{"data":{"m":{"a":1}},"metadata":{}}""" },
        { "without metadata", """{"Data":{"m":{"a":1}}}""" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_message_comes_out_of_every_wrapping(string shape, string body)
    {
        var invocation = Decode(body);

        Assert.True(invocation.Payloads is [{ Json: not null }], shape);
        Assert.Equal("""{"a":1}""", JsonSerializer.Serialize(invocation.Payloads[0].Json));
    }

    [Theory]
    [InlineData("""{"Data":{"m":"\"plain text\""}}""", "plain text")]
    [InlineData("""{"Data":{"m":"test"}}""", "test")]
    [InlineData("""{"Data":{"m":"\"test\""}}""", "test")]
    [InlineData("""{"Data":{"m":7}}""", "7")]
    public void Text_that_is_no_JSON_stays_text_even_if_it_looks_like_base64(string body, string text)
    {
        Assert.Equal([new MessagePayload(null, text)], Decode(body).Payloads);
    }

    [Fact]
    public void A_batch_with_one_bad_message_keeps_the_others()
    {
        var payloads = Decode("""{"Data":{"events":"[\"{\\\"a\\\":1}\",\"plain\",\"{\\\"b\\\":2}\"]"}}""").Payloads;

        Assert.Equal([true, false, true], payloads.Select(p => p.Json is not null));
    }

    [Fact]
    public void A_timer_has_one_payload_and_its_metadata_is_left_alone()
    {
        var invocation = Decode("""{"Data":{"timer":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}},"Metadata":{"sys":{"MethodName":"Sweep","UtcNow":"2026-11-20T10:00:00Z","RandGuid":"x"}}}""");

        Assert.Single(invocation.Payloads);
        Assert.Contains("sys", invocation.Metadata.Keys);
    }

    [Theory]
    [InlineData("\"1\"")]
    [InlineData("1")]
    [InlineData("\"\\\"1\\\"\"")]
    public void A_number_of_the_metadata_is_read_as_text_and_as_number(string value)
    {
        Assert.Equal(1, Decode($$$"""{"Data":{},"Metadata":{"DequeueCount":{{{value}}}}}""").Number("DequeueCount"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"Data":5}""")]
    public void A_body_that_is_no_invocation_is_refused_with_what_was_expected(string body)
    {
        Assert.Contains("Data", Assert.Throws<FormatException>(() => Decode(body)).Message, StringComparison.Ordinal);
    }

    private static Invocation Decode(string body) => InvocationDecoder.Decode("id", Encoding.UTF8.GetBytes(body));
}
