using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>What was dropped, and the first date that is kept; the bytes are free after the next vacuum.</summary>
public sealed record RetentionResult(DateOnly From, int Dates, int Files, long Rows, long Bytes, long Positions);

/// <summary>Nothing was dropped, since everything would have been.</summary>
public sealed class RetentionRefusedException(DateOnly from, DateOnly newest)
    : InvalidOperationException($"Keeping the dates from {from:yyyy-MM-dd} on would drop every row: the newest ones are of {newest:yyyy-MM-dd}. Nothing was changed.");

/// <summary>Drops whole dates from the table <c>tuples</c>, with the reading positions of their blobs, in one commit.</summary>
public sealed class LakeRetention(FlowLake lake)
{
    /// <param name="from">The first date to keep, UTC. An earlier one than last time changes nothing.</param>
    /// <param name="force">Also when no row is left. A clock that is ahead would else empty the lake, and keep it empty: blobs of dropped dates are not read again.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="RetentionRefusedException">No row would be left.</exception>
    public async ValueTask<RetentionResult> RunAsync(DateOnly from, bool force = false, CancellationToken ct = default)
    {
        await lake.Tuples.Delta.WritableAsync(removes: true, ct);
        var snapshot = await lake.Tuples.Delta.EnsureAsync(ct);
        while (true)
        {
            var mark = RetentionMark.Of(snapshot);
            var first = mark is { } known && known > from ? known : from;
            if (!force && first != mark)
            {
                if (Newest(snapshot) is not { } newest)
                    return new RetentionResult(first, 0, 0, 0, 0, 0); // nothing to drop, and no row to tell whether the clock is right
                if (newest < first)
                    throw new RetentionRefusedException(first, newest);
            }

            var files = snapshot.Files.Values.Where(f => string.CompareOrdinal(TupleTable.PartitionDate(f), $"{first:yyyy-MM-dd}") < 0).ToList();
            var positions = snapshot.Domains.Keys.Where(d => IsPast(d, first)).ToList();
            var domains = positions.ToDictionary(d => d, string? (_) => null, StringComparer.Ordinal);
            domains[RetentionMark.Domain] = RetentionMark.Text(first, await StraysAsync(snapshot, files, positions, ct));
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

    /// <summary>
    /// Keeps from <paramref name="to"/> on again: blobs of those dates that still exist are read by the next ingest. Blobs that have rows on later
    /// dates, past midnight, get a position that has these replaced. Returns the first date that is kept now.
    /// </summary>
    public async ValueTask<DateOnly?> MoveBackAsync(DateOnly to, CancellationToken ct = default)
    {
        var snapshot = await lake.Tuples.Delta.WritableAsync(removes: false, ct);
        while (true)
        {
            if (RetentionMark.Of(snapshot) is not { } mark || mark <= to)
                return RetentionMark.Of(snapshot);

            var left = await LeftAsync(snapshot, mark, ct);
            var domains = left.ToDictionary(b => BlobPosition.Domain(b.Key), b => (string?)BlobPosition.ToReadAgain(b.Value).ToJson(), StringComparer.Ordinal);
            var strays = RetentionMark.Strays(snapshot) is { } known ? known - left.Values.Sum() : (long?)null;
            domains[RetentionMark.Domain] = RetentionMark.Text(to, strays);
            var result = await lake.Tuples.Delta.CommitAsync(snapshot, new DeltaChange("MOVE RETENTION") { Domains = domains, DataChange = false, Parameters = new Dictionary<string, string> { ["from"] = $"{to:yyyy-MM-dd}" } }, ct);
            if (result.Committed)
                return to;
            snapshot = result.Snapshot;
        }
    }

    /// <summary>By partition, not by time: a broken tuple may claim any time, and lies with its record all the same.</summary>
    private static DateOnly? Newest(DeltaSnapshot snapshot) =>
        snapshot.Files.Values.Select(TupleTable.PartitionDate).Max(StringComparer.Ordinal) is { } date ? DateOnly.ParseExact(date, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : null;

    private async ValueTask<long?> StraysAsync(DeltaSnapshot snapshot, IReadOnlyList<AddFile> files, IReadOnlyList<string> domains, CancellationToken ct)
    {
        var after = snapshot with { Files = snapshot.Files.RemoveRange(files.Select(f => f.Path)), Domains = snapshot.Domains.RemoveRange(domains) };
        return RetentionMark.Strays(snapshot) + await LakeBalance.WithoutMarkAsync(lake, after, ct) - await LakeBalance.WithoutMarkAsync(lake, snapshot, ct);
    }

    /// <summary>Rows of dropped blobs that lie on dates that were kept.</summary>
    private async ValueTask<IReadOnlyDictionary<string, long>> LeftAsync(DeltaSnapshot snapshot, DateOnly mark, CancellationToken ct)
    {
        var left = new Dictionary<string, long>(StringComparer.Ordinal);
        Column[] column = [.. TupleFileWriter.DataColumns.Where(c => c.Name == "blob")];
        foreach (var file in snapshot.Files.Values.Where(f => TupleTable.PartitionDate(f) == $"{mark:yyyy-MM-dd}" || TupleTable.PartitionDate(f) == $"{mark.AddDays(1):yyyy-MM-dd}"))
        {
            await foreach (var block in lake.Tuples.Reader.ReadAsync(file, column, ct))
                foreach (var blob in block.Texts(0).Take(block.Count))
                    if (PositionArchive.DateOf(blob!) < mark)
                        left[blob!] = left.GetValueOrDefault(blob!) + 1;
        }

        return left;
    }

    private static bool IsPast(string domain, DateOnly first)
    {
        if (domain.StartsWith(BlobPosition.DomainPrefix, StringComparison.Ordinal))
            return PositionArchive.DateOf(domain[BlobPosition.DomainPrefix.Length..]) < first;
        return domain.StartsWith(PositionArchive.DomainPrefix, StringComparison.Ordinal) && string.CompareOrdinal(domain, PositionArchive.Domain(first)) < 0;
    }
}
