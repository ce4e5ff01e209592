using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>What was dropped, and the first date that is kept; the bytes are free after the next vacuum.</summary>
public sealed record RetentionResult(DateOnly From, int Dates, int Files, long Rows, long Bytes, long Positions);

/// <summary>Drops whole dates from the table <c>tuples</c>, with the reading positions of their blobs, in one commit.</summary>
public sealed class LakeRetention(FlowLake lake)
{
    /// <param name="from">The first date to keep, UTC. An earlier one than last time changes nothing.</param>
    /// <param name="ct">Cancels.</param>
    public async ValueTask<RetentionResult> RunAsync(DateOnly from, CancellationToken ct = default)
    {
        await lake.Tuples.Delta.WritableAsync(removes: true, ct);
        var snapshot = await lake.Tuples.Delta.EnsureAsync(ct);
        while (true)
        {
            var first = RetentionMark.Of(snapshot) is { } mark && mark > from ? mark : from;
            var files = snapshot.Files.Values.Where(f => string.CompareOrdinal(TupleTable.PartitionDate(f), $"{first:yyyy-MM-dd}") < 0).ToList();
            var positions = snapshot.Domains.Keys.Where(d => IsPast(d, first)).ToList();
            var domains = positions.ToDictionary(d => d, string? (_) => null, StringComparer.Ordinal);
            domains[RetentionMark.Domain] = RetentionMark.Text(first);
            var change = new DeltaChange("DELETE") { Removes = [.. files.Select(f => f.Path)], Domains = domains, Parameters = Story(first, positions.Count) };
            var result = await lake.Tuples.Delta.CommitAsync(snapshot, change, ct);
            if (result.Committed)
                return new RetentionResult(first, files.Select(TupleTable.PartitionDate).Distinct(StringComparer.Ordinal).Count(), files.Count, files.Sum(f => FileFacts.Of(f).Rows ?? 0), files.Sum(f => f.Size), positions.Count);

            // A compaction or an ingest was faster with one of the files or blobs: what there is to drop is now another.
            snapshot = result.Snapshot;
        }
    }

    private static Dictionary<string, string> Story(DateOnly first, int positions) => new()
    {
        ["predicate"] = $"[\"{FlowColumns.Partition} < '{first:yyyy-MM-dd}'\"]",
        ["positions"] = $"{positions}",
        ["reason"] = "dates before the retention mark go",
    };

    private static bool IsPast(string domain, DateOnly first)
    {
        if (domain.StartsWith(BlobPosition.DomainPrefix, StringComparison.Ordinal))
            return PositionArchive.DateOf(domain[BlobPosition.DomainPrefix.Length..]) < first;
        return domain.StartsWith(PositionArchive.DomainPrefix, StringComparison.Ordinal) && string.CompareOrdinal(domain, PositionArchive.Domain(first)) < 0;
    }
}
