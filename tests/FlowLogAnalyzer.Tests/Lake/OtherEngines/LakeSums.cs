using System.Globalization;
using System.Text.Json;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Engines;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake.OtherEngines;

/// <summary>The sums over a lake by which engines are compared, as text by name.</summary>
internal static class LakeSums
{
    private static readonly (string Name, string Sql)[] All =
    [
        ("rows", "count(*)"), ("blobs", "count(distinct blob)"), ("src_ips", "count(distinct src_ip)"), ("src_port", "sum(src_port)"), ("dst_port", "sum(dst_port)"),
        ("protocol", "sum(protocol)"), ("bytes_sent", "sum(bytes_sent)"), ("bytes_received", "sum(bytes_received)"),
        ("denied", "count(*) filter (where decision = 'Deny')"), ("tuple_index", "sum(tuple_index)"), ("flags", "sum(flags)"), ("macs", "count(mac)"),
        ("time_ms", "sum(epoch_ms(time)::hugeint)"), ("first_ms", "epoch_ms(min(time))"), ("last_ms", "epoch_ms(max(time))"),
    ];

    public static string Sql { get; } = $"select {string.Join(", ", All.Select(s => s.Sql))} from lake_tuples";

    /// <summary>Through the view with which flowlog's own engine reads a lake.</summary>
    public static async Task<SortedDictionary<string, string>> OfAsync(string lake)
    {
        var view = DuckDbSource.CreateView(await OptionsAsync(lake));
        return Named(Duck.Query($"{view}; {Sql}").Single());
    }

    public static async Task<LakeDatabaseOptions> OptionsAsync(string location)
    {
        var windows = await LakeWindows.LoadAsync(await FlowLake.OpenAsync(location));
        return await windows.OptionsAsync(null, null);
    }

    public static SortedDictionary<string, string> Named(IReadOnlyList<object?> cells) =>
        new(All.Select((s, i) => (s.Name, Text: Convert.ToString(cells[i], CultureInfo.InvariantCulture) ?? "")).ToDictionary(s => s.Name, s => s.Text), StringComparer.Ordinal);

    /// <summary>What Spark itself has read.</summary>
    public static SortedDictionary<string, string> Expected(JsonElement lake) =>
        new(All.ToDictionary(s => s.Name, s => lake.GetProperty(s.Name).ToString()), StringComparer.Ordinal);

    /// <summary>Sums of both.</summary>
    public static long Rows(SortedDictionary<string, string> sums) => long.Parse(sums["rows"], CultureInfo.InvariantCulture);
}
