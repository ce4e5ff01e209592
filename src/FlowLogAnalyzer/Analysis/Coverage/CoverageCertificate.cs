using FlowLogAnalyzer.Lake.Delta;

namespace FlowLogAnalyzer.Analysis.Coverage;

/// <summary>
/// Joins what was read (the reading positions), what came of it (the rows) and what should have come (the inventory), per
/// NIC and hour. "No traffic" may be concluded where this says A or B, and nowhere else.
/// </summary>
public static class CoverageCertificate
{
    /// <summary>Every NIC and hour of the window, by hour and MAC; NICs without a blob for the hours in which others have some.</summary>
    /// <param name="database">Opened over the window, with the inventory.</param>
    /// <param name="snapshot">Of the table <c>tuples</c>.</param>
    /// <param name="since">First hour, UTC; null = the first that there is.</param>
    /// <param name="until">Before which hour, UTC.</param>
    public static IReadOnlyList<CoverageHour> Build(LakeDatabase database, DeltaSnapshot snapshot, DateTime? since = null, DateTime? until = null)
    {
        var blobs = CoverageBlob.Of(snapshot).Where(b => !(b.Hour.AddHours(1) <= since) && !(b.Hour >= until)).ToLookup(b => (b.Hour, b.Mac));
        var rows = CoverageRows.Read(database);
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
                var expectation = expectations[mac].FirstOrDefault(e => e.From < hour.AddHours(1) && e.To > hour);
                if (present.Length > 0 || (expectation is not null && (!knowsFlowLogs || expectation.Blobs > 0 || expectation.IsNode)))
                    result.Add(new CoverageJudge(expectation, knowsFlowLogs, rows).Judge(mac, hour, present));
            }
        }

        return result;
    }
}
