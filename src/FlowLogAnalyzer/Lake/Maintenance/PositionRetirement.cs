using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>
/// Moves the reading positions of past dates out of the log into the <see cref="PositionArchive"/>, one commit per date.
/// Safe beside any number of ingests: one that commits a position of that date at the same time makes this one start over,
/// and one that was planned on a position finds the same position in the archive.
/// </summary>
public sealed class PositionRetirement(FlowLake lake, TimeProvider time)
{
    /// <summary>An archive file that no version names any more is kept for readers of an older version.</summary>
    private static readonly TimeSpan OrphanAge = TimeSpan.FromHours(24);

    /// <summary>Returns how many positions were moved.</summary>
    /// <param name="before">Of hours on dates before this one, UTC.</param>
    /// <param name="ct">Cancels.</param>
    public async ValueTask<long> RunAsync(DateOnly before, CancellationToken ct = default)
    {
        var moved = 0L;
        var snapshot = await lake.Tuples.SnapshotAsync(ct);
        foreach (var date in Live(snapshot).Select(p => p.Date).Where(d => d < before).Distinct().Order().ToList())
        {
            ct.ThrowIfCancellationRequested();
            (snapshot, var count) = await MoveAsync(snapshot, date, ct);
            moved += count;
        }

        await CleanAsync(snapshot, ct);
        return moved;
    }

    private async ValueTask<(DeltaSnapshot Newest, long Moved)> MoveAsync(DeltaSnapshot snapshot, DateOnly date, CancellationToken ct)
    {
        while (true)
        {
            var live = Live(snapshot).Where(p => p.Date == date).ToList();
            if (live.Count == 0)
                return (snapshot, 0);

            // A blob that was read again after its date was archived has both: the one in the log is newer.
            var all = new Dictionary<string, string>(await lake.Tuples.Archive.LoadAsync(PositionArchive.Of(snapshot, date), ct), StringComparer.Ordinal);
            foreach (var (key, _, position) in live)
                all[key] = position;
            var file = await lake.Tuples.Archive.WriteAsync(date, all, ct);
            var domains = live.ToDictionary(p => BlobPosition.Domain(p.Key), string? (_) => null, StringComparer.Ordinal);
            domains[PositionArchive.Domain(date)] = PositionArchive.DomainText(file);
            var result = await lake.Tuples.Delta.CommitAsync(snapshot, Change(date, domains), CancellationToken.None);
            snapshot = result.Snapshot;
            if (result.Committed || PositionArchive.Of(snapshot, date)?.Path == file.Path)
                return (snapshot, live.Count);
            await lake.Store.DeleteAsync(file.Path, ct);
        }
    }

    private static DeltaChange Change(DateOnly date, IReadOnlyDictionary<string, string?> domains) => new("ARCHIVE POSITIONS")
    {
        Domains = domains,
        DataChange = false,
        Parameters = new Dictionary<string, string> { ["date"] = $"{date:yyyy-MM-dd}", ["reason"] = "positions of past dates leave the log" },
    };

    private static IEnumerable<(string Key, DateOnly Date, string Position)> Live(DeltaSnapshot snapshot)
    {
        foreach (var (domain, position) in snapshot.Domains)
            if (domain.StartsWith(BlobPosition.DomainPrefix, StringComparison.Ordinal)
                && domain[BlobPosition.DomainPrefix.Length..] is var key && PositionArchive.DateOf(key) is { } date)
                yield return (key, date, position);
    }

    private async ValueTask CleanAsync(DeltaSnapshot snapshot, CancellationToken ct)
    {
        var named = PositionArchive.Dates(snapshot).Select(d => PositionArchive.Of(snapshot, d)?.Path).ToHashSet(StringComparer.Ordinal);
        var orphans = new List<string>();
        await foreach (var file in lake.Store.ListAsync(PositionArchive.Folder, ct))
            if (!named.Contains(file.Path) && file.LastModified <= time.GetUtcNow() - OrphanAge)
                orphans.Add(file.Path);
        await lake.Store.DeleteAllAsync(orphans, ct);
    }
}
