using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Query.Coverage;

/// <summary>
/// Joins what was read (the reading positions), what came of it (the rows) and what should have come (the inventory), per
/// NIC and hour. "No traffic" may be concluded where this says A or B, and nowhere else.
/// </summary>
internal static class CoverageCertificate
{
    /// <summary>Every NIC and hour of the window, by hour and MAC; NICs without a blob for the hours in which others have some.</summary>
    /// <param name="database">Opened over the window, with the inventory and what was read of the blobs; without the latter there is nothing to grade.</param>
    public static IReadOnlyList<CoverageHour> Build(LakeDatabase database)
    {
        var options = database.Options;
        var all = CoverageBlob.Of(options.Snapshot);
        var blobs = all.Where(b => !(new BlobHour(b.Hour).EndUtc <= options.Since) && !(b.Hour >= options.Until)).ToLookup(b => (b.Hour, b.Mac));
        if (blobs.Count == 0)
            return [];

        var rows = CoverageRows.Read(database);
        var logged = all.GroupBy(b => b.Mac, StringComparer.Ordinal).ToDictionary(g => g.Key, g => (First: g.Min(b => b.Hour), Last: g.Max(b => b.Hour)), StringComparer.Ordinal);
        var expectations = CoverageExpectation.Read(database).ToLookup(e => e.Mac, StringComparer.OrdinalIgnoreCase);
        var knowsFlowLogs = database.FilledTables.Contains("flow_logs");
        var hours = blobs.Select(g => g.Key.Hour).Distinct().Order().ToList();
        var macs = blobs.Select(g => g.Key.Mac).Concat(expectations.Select(g => g.Key.ToUpperInvariant())).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();

        var result = new List<CoverageHour>();
        foreach (var hour in hours)
        {
            foreach (var mac in macs)
            {
                CoverageBlob[] present = [.. blobs[(hour, mac)]];
                var expectation = expectations[mac].FirstOrDefault(e => e.MayHaveExisted(hour, logged.TryGetValue(mac, out var life) ? life : null));
                if (present.Length > 0 || (expectation is not null && (!knowsFlowLogs || expectation.Blobs > 0 || expectation.IsNode)))
                    result.Add(new CoverageJudge(expectation, knowsFlowLogs, rows).Judge(mac, hour, present));
            }
        }

        return result;
    }
}
