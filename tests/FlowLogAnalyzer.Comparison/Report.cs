using System.Globalization;
using System.Text;

namespace FlowLogAnalyzer.Comparison;

/// <summary>The table: medians over the rounds, and how many times longer each takes than the ingest, on the clock and in processor time.</summary>
internal static class Report
{
    public static string Markdown(IReadOnlyList<IContestant> contestants, IReadOnlyList<Measured> results, long bytes, int files)
    {
        var ours = results.Where(r => r.Name == Catalogue.Ours).ToList();
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{files} blobs, {bytes / 1e6:0} MB, {results[0].Rows / 1e6:0.00} M tuples; {Environment.ProcessorCount} processors; median of {results.Count(r => r.Name == results[0].Name)}.");
        text.AppendLine();
        text.AppendLine("| contestant | threads | MB/s | M rows/s | ns of processor per row | times the ingest's clock | times the ingest's processor time | peak MiB | managed bytes per row | Parquet bytes per row |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var contestant in contestants)
            Line(text, contestant, [.. results.Where(r => r.Name == contestant.Name)], ours, bytes);
        return text.ToString();
    }

    private static void Line(StringBuilder text, IContestant contestant, Measured[] runs, List<Measured> ours, long bytes)
    {
        var (wall, cpu) = (Median(runs.Select(r => r.Wall)), Median(runs.Select(r => r.Cpu)));
        var rows = runs[0].Rows;
        var times = ours.Count == 0 ? "" : N(Median(runs.Zip(ours, (r, o) => r.Wall / o.Wall)), "0.00");
        var timesCpu = ours.Count == 0 ? "" : N(Median(runs.Zip(ours, (r, o) => r.Cpu / o.Cpu)), "0.00");
        var perRow = rows == 0 ? double.NaN : rows;
        string[] cells =
        [
            contestant.Does, N(contestant.Threads, "0"), N(bytes / wall / 1e6, "0"), N(rows / wall / 1e6, "0.00"), N(cpu * 1e9 / perRow, "0"), times, timesCpu,
            N(Median(runs.Select(r => r.PeakBytes / 1048576.0)), "0"), N(Median(runs.Select(r => r.Allocated / perRow)), "0.0"), runs[0].OutputBytes == 0 ? "" : N(runs[0].OutputBytes / perRow, "0.00"),
        ];
        text.AppendLine("| " + string.Join(" | ", cells) + " |");
    }

    private static string N(double value, string format) => double.IsNaN(value) ? "" : value.ToString(format, CultureInfo.InvariantCulture);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
