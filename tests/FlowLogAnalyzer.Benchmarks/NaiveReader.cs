using System.Globalization;
using System.Text.Json;

namespace FlowLogAnalyzer.Benchmarks;

/// <summary>What one would write first: a document, <see cref="string.Split(char, StringSplitOptions)"/> and an object per tuple. The baseline.</summary>
public static class NaiveReader
{
    public sealed record Row(
        string Rule, string Mac, DateTimeOffset Time, string Source, string Destination, int SourcePort, int DestinationPort,
        string Protocol, string Direction, string Decision, string State, long? PacketsSent, long? BytesSent, long? PacketsReceived, long? BytesReceived);

    public static List<Row> Read(ReadOnlyMemory<byte> json)
    {
        var rows = new List<Row>();
        using var document = JsonDocument.Parse(json);
        foreach (var record in document.RootElement.GetProperty("records").EnumerateArray())
        {
            foreach (var rule in record.GetProperty("properties").GetProperty("flows").EnumerateArray())
            {
                foreach (var nic in rule.GetProperty("flows").EnumerateArray())
                {
                    foreach (var tuple in nic.GetProperty("flowTuples").EnumerateArray())
                        rows.Add(Parse(tuple.GetString()!, rule.GetProperty("rule").GetString()!, nic.GetProperty("mac").GetString()!));
                }
            }
        }

        return rows;
    }

    public static Row Parse(string tuple, string rule, string mac)
    {
        var f = tuple.Split(',');
        return new Row(
            rule, mac, DateTimeOffset.FromUnixTimeSeconds(long.Parse(f[0], CultureInfo.InvariantCulture)), f[1], f[2],
            int.Parse(f[3], CultureInfo.InvariantCulture), int.Parse(f[4], CultureInfo.InvariantCulture), f[5], f[6], f[7], f[8],
            Counter(f[9]), Counter(f[10]), Counter(f[11]), Counter(f[12]));
    }

    private static long? Counter(string text) => text.Length == 0 ? null : long.Parse(text, CultureInfo.InvariantCulture);
}
