using System.Globalization;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Files;

namespace FlowLogAnalyzer.Lake.Upkeep;

/// <summary>Which files of a table are merged with which.</summary>
internal sealed class CompactionPlan(CompactOptions options, TimeProvider time)
{
    /// <summary>Files of one date each, in the order of time; no file is in two of them.</summary>
    public IEnumerable<AddFile[]> Bins(DeltaSnapshot snapshot)
    {
        var small = snapshot.Files.Values
            .Where(f => IsWanted(TupleTable.PartitionDate(f)))
            .Select(f => (File: f, Facts: FileFacts.Of(f)))
            .Where(f => f.Facts.Rows < options.TargetRows / 2)
            .GroupBy(f => TupleTable.PartitionDate(f.File))
            .OrderBy(g => g.Key, StringComparer.Ordinal);
        foreach (var date in small)
        {
            var bin = new List<AddFile>();
            var rows = 0L;
            foreach (var (file, facts) in date.OrderBy(f => f.Facts.MinTime).ThenBy(f => f.File.Path, StringComparer.Ordinal))
            {
                if (rows + facts.Rows > options.TargetRows && bin.Count > 0)
                {
                    if (bin.Count > 1)
                        yield return [.. bin];
                    (bin, rows) = ([], 0);
                }

                bin.Add(file);
                rows += facts.Rows ?? 0;
            }

            if (bin.Count > 1)
                yield return [.. bin];
        }
    }

    /// <summary>The dates that have something to merge.</summary>
    public IReadOnlyList<DateOnly> Dates(DeltaSnapshot snapshot) =>
        [.. Bins(snapshot).Select(bin => DateOnly.ParseExact(TupleTable.PartitionDate(bin[0]), "yyyy-MM-dd", CultureInfo.InvariantCulture)).Distinct().Order()];

    private bool IsWanted(string date)
    {
        if (options.Only is { } only)
            return date == Text(only);
        var yesterday = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-1);
        return string.CompareOrdinal(date, Text(options.Before ?? yesterday)) < 0;
    }

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
