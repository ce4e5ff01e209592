namespace FlowLogAnalyzer.Tests.Telemetry;

/// <summary>The last point of every metric, by name and attributes: <c>flowlog.ingest.blobs{outcome=read}</c>.</summary>
internal static class OtlpMetrics
{
    public static Dictionary<string, double> Read(IEnumerable<ProtoMessage> requests)
    {
        var points = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var metric in requests.SelectMany(r => r.All(1, 2, 2)))
        {
            foreach (var point in metric.All(5, 1).Concat(metric.All(7, 1)))
                points[Name(metric, point, 7)] = (long)point.Number(6);
            foreach (var point in metric.All(9, 1))
                points[Name(metric, point, 9)] = point.Number(4); // how many were recorded
        }

        return points;
    }

    public static Dictionary<string, string> Resource(IEnumerable<ProtoMessage> requests) => requests.SelectMany(r => r.All(1, 1, 1))
        .DistinctBy(a => a.Text(1)).ToDictionary(a => a.Text(1), a => a.All(2).Single().Text(1), StringComparer.Ordinal);

    private static string Name(ProtoMessage metric, ProtoMessage point, int attributes)
    {
        var pairs = point.All(attributes).Select(a => $"{a.Text(1)}={a.All(2).Single().Text(1)}").ToList();
        return pairs.Count == 0 ? metric.Text(1) : $"{metric.Text(1)}{{{string.Join(',', pairs)}}}";
    }
}
