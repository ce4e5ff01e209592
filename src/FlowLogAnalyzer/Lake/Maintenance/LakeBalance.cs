using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>
/// Rows that the log speaks of against rows that the reading positions speak of: cheap enough to be looked at with every question. They differ
/// when somebody else took rows out or put some in; a <see cref="LakeVerifier"/> tells which blobs it was.
/// </summary>
public static class LakeBalance
{
    /// <summary>Rows that are there beyond the positions (negative: rows that are missing); null when the log does not say.</summary>
    public static async ValueTask<long?> OfAsync(FlowLake lake, DeltaSnapshot snapshot, CancellationToken ct = default)
    {
        var strays = RetentionMark.Strays(snapshot);
        return strays is null ? null : await WithoutMarkAsync(lake, snapshot, ct) - strays;
    }

    /// <summary>One sentence for whoever asks the lake something; null when the rows are those that were read.</summary>
    public static async ValueTask<string?> WarningAsync(FlowLake lake, DeltaSnapshot snapshot, CancellationToken ct = default) => await OfAsync(lake, snapshot, ct) switch
    {
        < 0 and var lost => $"{-lost} rows that were read are not in the lake: something other than flowlog took them out. `flowlog lake verify` tells what, and how they are read again.",
        > 0 and var more => $"The lake holds {more} rows more than were read: something other than flowlog put them in. `flowlog lake verify` tells which.",
        _ => null,
    };

    internal static async ValueTask<long?> WithoutMarkAsync(FlowLake lake, DeltaSnapshot snapshot, CancellationToken ct)
    {
        var rows = (long?)0;
        foreach (var file in snapshot.Files.Values)
            rows += FileFacts.Of(file).Rows;
        if (rows is null)
            return null;
        foreach (var date in PositionArchive.Dates(snapshot))
            rows -= PositionArchive.Of(snapshot, date)!.Rows;
        foreach (var (domain, text) in snapshot.Domains.Where(d => d.Key.StartsWith(BlobPosition.DomainPrefix, StringComparison.Ordinal)))
        {
            rows -= BlobPosition.FromJson(text).Rows;

            // Read again after its date was archived: the archive's sum still has what was there before.
            if (PositionArchive.DateOf(domain) is { } date && PositionArchive.Of(snapshot, date) is { } archive
                && (await lake.Tuples.Archive.LoadAsync(archive, ct)).TryGetValue(domain[BlobPosition.DomainPrefix.Length..], out var before))
                rows += BlobPosition.FromJson(before).Rows;
        }

        return rows;
    }
}
