using System.Globalization;
using System.Text.Json;

namespace FlowLogAnalyzer.Comparison;

/// <summary>The program that one writes first: classes, <see cref="JsonSerializer"/>, <see cref="string.Split(char, StringSplitOptions)"/>. It only parses.</summary>
internal sealed class NaiveSerializer : IContestant
{
    public string Name => "naive";

    public string Does => "`JsonSerializer` and `Split`, parse only, files";

    public int Threads => 2;

    public async ValueTask<long> RunAsync(IReadOnlyList<string> files, string output) => await Blobs.SumAsync(files, 2, () => Read);

    private static long Read(string file)
    {
        var log = JsonSerializer.Deserialize<Log>(File.ReadAllBytes(file))!;
        var rows = log.records.SelectMany(r => r.properties.flows.SelectMany(f => f.flows.SelectMany(n => n.flowTuples.Select(t => Parse(t, f.rule, n.mac)))));
        return rows.ToList().Count;
    }

    private static Row Parse(string tuple, string rule, string mac)
    {
        var f = tuple.Split(',');
        return new Row(
            rule, mac, DateTimeOffset.FromUnixTimeSeconds(long.Parse(f[0], CultureInfo.InvariantCulture)), f[1], f[2], int.Parse(f[3], CultureInfo.InvariantCulture),
            int.Parse(f[4], CultureInfo.InvariantCulture), f[5], f[6], f[7], f[8], Counter(f[9]), Counter(f[10]), Counter(f[11]), Counter(f[12]));
    }

    private static long? Counter(string text) => text.Length == 0 ? null : long.Parse(text, CultureInfo.InvariantCulture);

    // The names are those of the JSON.
#pragma warning disable IDE1006, SA1300, CA1812
    private sealed record Log(List<LogRecord> records);

    private sealed record LogRecord(string time, string resourceId, Properties properties);

    private sealed record Properties(int Version, List<Flow> flows);

    private sealed record Flow(string rule, List<Nic> flows);

    private sealed record Nic(string mac, List<string> flowTuples);
#pragma warning restore

    private sealed record Row(
        string Rule, string Mac, DateTimeOffset Time, string Source, string Destination, int SourcePort, int DestinationPort,
        string Protocol, string Direction, string Decision, string State, long? PacketsSent, long? BytesSent, long? PacketsReceived, long? BytesReceived);
}
