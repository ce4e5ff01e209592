using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlowLogAnalyzer.Telemetry;
using FlowLogAnalyzer.Tests.Docs;

namespace FlowLogAnalyzer.Tests.Telemetry;

/// <summary>What the dashboard draws and the page explains is what the code counts.</summary>
public partial class DashboardTests
{
    private static readonly JsonElement Dashboard = JsonDocument.Parse(RepositoryFiles.Read("infra/grafana/flowlog.json")).RootElement;
    private static readonly IReadOnlyList<Instrument> Instruments = Published();

    [Fact]
    public void Every_query_is_about_metrics_that_exist_and_every_metric_is_drawn()
    {
        var drawn = Dashboard.GetProperty("panels").EnumerateArray().Where(p => p.TryGetProperty("targets", out _))
            .SelectMany(p => p.GetProperty("targets").EnumerateArray()).SelectMany(t => Names().Matches(t.GetProperty("expr").GetString()!).Select(m => m.Value)).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(Instruments.Select(Prometheus).Order(StringComparer.Ordinal), drawn);
    }

    [Fact]
    public void Panels_have_titles_and_places_that_do_not_overlap()
    {
        var places = Dashboard.GetProperty("panels").EnumerateArray().Select(p => (Title: p.GetProperty("title").GetString(), At: p.GetProperty("gridPos"))).ToList();

        Assert.All(places, p => Assert.False(string.IsNullOrEmpty(p.Title)));
        var cells = places.SelectMany(p => from x in Enumerable.Range(Number(p.At, "x"), Number(p.At, "w")) from y in Enumerable.Range(Number(p.At, "y"), Number(p.At, "h")) select (x, y)).ToList();
        Assert.Equal(cells.Count, cells.Distinct().Count());
        Assert.All(cells, c => Assert.InRange(c.x, 0, 23));
    }

    [Fact]
    public void The_page_explains_every_metric()
    {
        var page = RepositoryFiles.Read("docs/telemetry.md");

        Assert.All(Instruments, i => Assert.Contains($"`{i.Name}`", page, StringComparison.Ordinal));
        Assert.All(Instruments, i => Assert.EndsWith(".", i.Description, StringComparison.Ordinal));
    }

    /// <summary>How Prometheus calls what comes by OTLP (OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility").</summary>
    private static string Prometheus(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_') + instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        name = name.Replace("_bytes_bytes", "_bytes", StringComparison.Ordinal);
        return instrument switch
        {
            Counter<long> => name + "_total",
            Histogram<double> => name + "_bucket",
            _ => name,
        };
    }

    private static List<Instrument> Published()
    {
        var found = new List<Instrument>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => found.Add(instrument) };
        _ = FlowLogMeters.Rows; // makes them all
        listener.Start();
        return [.. found.Where(i => i.Meter.Name == FlowLogTelemetry.Name)];
    }

    private static int Number(JsonElement at, string name) => at.GetProperty(name).GetInt32();

    [GeneratedRegex("flowlog_[a-z_]+", RegexOptions.None, 1000)]
    private static partial Regex Names();
}
