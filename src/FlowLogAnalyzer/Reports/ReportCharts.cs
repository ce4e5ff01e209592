using System.Text;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace FlowLogAnalyzer.Reports;

/// <summary>A line: a share from 0 to 1 per interval.</summary>
internal sealed record ShareSeries(string Name, IReadOnlyList<(DateTime Time, double Share)> Points);

internal enum ProbeState
{
    Healthy,
    Flapping,
    Unhealthy,
}

/// <summary>A node's intervals, in order of time.</summary>
internal sealed record ProbeStrip(string Node, IReadOnlyList<(DateTime Time, ProbeState State)> Cells);

/// <summary>
/// Draws SVG files beside a report (OxyPlot: managed code and its own text metrics, so the bytes are the same on every
/// machine) and returns the Markdown that shows them. Colours are told apart by the colour-blind as well (Okabe and Ito).
/// </summary>
internal sealed class ReportCharts(string stem)
{
    private static readonly OxyColor[] Lines = [.. new[] { "#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00" }.Select(OxyColor.Parse)];
    private static readonly OxyColor[] States = [OxyColor.Parse("#009E73"), OxyColor.Parse("#E69F00"), OxyColor.Parse("#D55E00")];
    private readonly List<ReportFile> _files = [];

    public IReadOnlyList<ReportFile> Files => _files;

    /// <summary>
    /// Room for the widest of the fonts that a browser may take for sans-serif: DejaVu Sans is half as wide again as
    /// OxyPlot's own measure says, and labels that were given too little room are cut off.
    /// </summary>
    private sealed class WideTextMeasurer(double width, double height) : PdfRenderContext(width, height, OxyColors.White)
    {
        public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
        {
            var size = base.MeasureText(text, fontFamily, fontSize, fontWeight);
            return new OxySize(size.Width * 1.6, size.Height);
        }
    }

    public string Shares(string name, string alt, IReadOnlyList<ShareSeries> series, int seconds)
    {
        var model = Model("Share of new connections that were refused");
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.BottomCenter, LegendPlacement = LegendPlacement.Outside, LegendOrientation = LegendOrientation.Vertical });
        model.Axes.Add(Time(series.SelectMany(s => s.Points.Select(p => p.Time)), seconds));
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Minimum = 0, Maximum = 100, Title = "%", MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = OxyColors.LightGray });
        foreach (var (line, i) in series.Select((s, i) => (s, i)))
        {
            var drawn = new LineSeries { Title = ReportText.Shorten(ReportText.Visible(line.Name), 60), Color = Lines[i % Lines.Length], MarkerType = MarkerType.Circle, MarkerSize = 2.5 };
            drawn.Points.AddRange(WithGaps(line.Points, seconds));
            model.Series.Add(drawn);
        }

        return Add(name, alt, model, 320 + (18 * series.Count));
    }

    public string Probes(string name, string alt, IReadOnlyList<ProbeStrip> strips, int seconds)
    {
        var model = Model("Nodes as the load balancer sees them");
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.BottomCenter, LegendPlacement = LegendPlacement.Outside, LegendOrientation = LegendOrientation.Horizontal });
        model.Axes.Add(Time(strips.SelectMany(s => s.Cells.Select(c => c.Time)), seconds));
        var axis = new CategoryAxis { Position = AxisPosition.Left, StartPosition = 1, EndPosition = 0, IsTickCentered = true };
        axis.Labels.AddRange(strips.Select(s => ReportText.Shorten(ReportText.Visible(s.Node), 40)));
        model.Axes.Add(axis);
        foreach (var state in Enum.GetValues<ProbeState>())
        {
            var bars = new RectangleBarSeries { Title = Word(state), FillColor = States[(int)state], StrokeThickness = 0 };
            for (var row = 0; row < strips.Count; row++)
                foreach (var (time, _) in strips[row].Cells.Where(c => c.State == state))
                    bars.Items.Add(new RectangleBarItem(DateTimeAxis.ToDouble(time), row - 0.4, DateTimeAxis.ToDouble(time.AddSeconds(seconds)), row + 0.4));
            model.Series.Add(bars);
        }

        return Add(name, alt, model, 120 + (22 * strips.Count));
    }

    /// <summary>Where intervals are missing nothing is known, so the line is broken there instead of drawn across.</summary>
    private static IEnumerable<DataPoint> WithGaps(IReadOnlyList<(DateTime Time, double Share)> points, int seconds)
    {
        for (var i = 0; i < points.Count; i++)
        {
            if (i > 0 && points[i].Time - points[i - 1].Time > TimeSpan.FromSeconds(seconds))
                yield return DataPoint.Undefined;
            yield return new DataPoint(DateTimeAxis.ToDouble(points[i].Time), points[i].Share * 100);
        }
    }

    private static string Word(ProbeState state) => state switch { ProbeState.Healthy => "healthy", ProbeState.Flapping => "in and out of rotation", _ => "out of rotation" };

    private static PlotModel Model(string title) => new()
    {
        Title = title,
        TitleFontSize = 14,
        DefaultFont = "sans-serif",
        Background = OxyColors.White,
        TextColor = OxyColor.Parse("#24292f"),
        PlotAreaBorderColor = OxyColors.LightGray,
    };

    private static DateTimeAxis Time(IEnumerable<DateTime> times, int seconds)
    {
        var (first, last) = times.Aggregate((DateTime.MaxValue, DateTime.MinValue), (range, t) => (t < range.Item1 ? t : range.Item1, t > range.Item2 ? t : range.Item2));
        return new DateTimeAxis
        {
            Position = AxisPosition.Bottom,
            StringFormat = last - first > TimeSpan.FromDays(1.5) ? "MM-dd HH:mm" : "HH:mm",
            Minimum = DateTimeAxis.ToDouble(first),
            Maximum = DateTimeAxis.ToDouble(last.AddSeconds(seconds)),
            Title = "UTC",
            AxisTitleDistance = 8,
        };
    }

    private string Add(string name, string alt, PlotModel model, int height)
    {
        var svg = SvgExporter.ExportToString(model, 760, height, isDocument: true, new WideTextMeasurer(760, height), useVerticalTextAlignmentWorkaround: true).ReplaceLineEndings("\n");
        // A drawing of a fixed size does not fit on a telephone: the box of coordinates lets it shrink.
        svg = svg.Replace($"<svg width=\"760\" height=\"{height}\"", $"<svg viewBox=\"0 0 760 {height}\" width=\"760\" height=\"{height}\"", StringComparison.Ordinal);
        var file = new ReportFile($"{stem}-{name}.svg", "image/svg+xml", Encoding.UTF8.GetBytes(svg));
        _files.Add(file);
        return $"![{ReportText.Escape(alt)}]({Uri.EscapeDataString(file.Name)})\n";
    }
}
