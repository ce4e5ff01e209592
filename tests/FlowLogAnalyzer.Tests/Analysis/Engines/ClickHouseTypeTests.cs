using System.Text;
using System.Text.Json;
using FlowLogAnalyzer.Query.Engines;

namespace FlowLogAnalyzer.Tests.Analysis.Engines;

/// <summary>Types that views do not give, and people may ask for.</summary>
public class ClickHouseTypeTests
{
    [Theory]
    [InlineData("DateTime64(9, 'UTC')", "\"2026-11-20 10:00:00.123456789\"", "2026-11-20T10:00:00.1234567Z")]
    [InlineData("DateTime", "\"2026-11-20 10:00:00\"", "2026-11-20T10:00:00.0000000Z")]
    [InlineData("Map(String, UInt8)", "{\"a\":1}", "{\"a\":1}")]
    [InlineData("Array(Tuple(String, Nullable(Float64)))", "[[\"a\",null],[\"b\",1.5]]", "[\"a\",null]; [\"b\",1.5]")]
    [InlineData("Nullable(Float32)", "\"-inf\"", "-Infinity")]
    public void A_value_is_read(string type, string json, string expected)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();

        Assert.Equal(expected, Text(ClickHouseType.Parse(type).Read(ref reader)));
        Assert.False(reader.Read());
    }

    private static string Text(object? value) => value switch
    {
        DateTime time => time.ToString("O"),
        IReadOnlyList<object?> list => string.Join("; ", list.Select(Text)),
        _ => $"{value}",
    };
}
