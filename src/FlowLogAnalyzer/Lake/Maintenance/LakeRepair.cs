using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Lake.Parquet.Reading;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>What was mended, or would be.</summary>
/// <param name="DroppedFiles">Data files that are no longer part of the table; they stay where they are until a vacuum.</param>
/// <param name="RewrittenFiles">Files that the log described wrongly: their rows are in new files now.</param>
/// <param name="Blobs">Blobs that the next ingest reads from their beginning.</param>
/// <param name="Rows">Rows of these blobs that stay until then.</param>
/// <param name="Left">What could not be mended.</param>
public sealed record RepairResult(IReadOnlyList<string> DroppedFiles, IReadOnlyList<string> RewrittenFiles, IReadOnlyList<string> Blobs, long Rows, IReadOnlyList<LakeProblem> Left);

/// <summary>
/// Takes damaged files out of the table <c>tuples</c> and notes, in the same commit, that their blobs are to be read again. An ingest then
/// replaces all rows of such a blob by what it reads, in one commit as ever: no row comes twice. A blob that is gone keeps the rows that are left.
/// </summary>
public sealed class LakeRepair(FlowLake lake, TimeProvider time)
{
    private const int Attempts = 3;

    public async ValueTask<RepairResult> RunAsync(bool dryRun = false, CancellationToken ct = default)
    {
        if (!dryRun)
            await lake.Tuples.Delta.WritableAsync(removes: true, ct);
        for (var attempt = 1; ; attempt++)
        {
            var found = await new LakeVerifier(lake, time).RunAsync(ct: ct);
            var result = new RepairResult(
                [.. found.Faults.Files.Select(f => TupleTable.Folder + f)],
                [.. found.Faults.Misdescribed.Select(f => TupleTable.Folder + f)],
                [.. found.Faults.Blobs.Keys.Order(StringComparer.Ordinal)],
                found.Faults.Blobs.Values.Sum(),
                [.. found.Problems.Where(p => !IsMended(p))]);
            if (dryRun || await TryMendAsync(found.Faults, ct))
                return result;
            if (attempt == Attempts)
                throw new IOException($"The lake '{lake.Location}' was changed {attempt} times while it was looked at. Run the command again when less is written.");
        }
    }

    private static bool IsMended(LakeProblem problem) => problem.Kind switch
    {
        LakeProblemKind.DataFile => problem.File.StartsWith(TupleTable.Folder, StringComparison.Ordinal),
        LakeProblemKind.Statistics or LakeProblemKind.RowsMissing or LakeProblemKind.RowsTwice or LakeProblemKind.RowsUnknown => true,
        _ => false,
    };

    private static Dictionary<string, string> Story => new() { ["reason"] = "damaged files go, and their blobs are read again" };

    /// <summary>False when the table is another one by now.</summary>
    private async ValueTask<bool> TryMendAsync(LakeFaults faults, CancellationToken ct)
    {
        if (faults.Files.Count + faults.Misdescribed.Count + faults.Blobs.Count == 0)
            return true;
        var snapshot = await lake.Tuples.SnapshotAsync(ct);
        if (snapshot.Version != faults.Version)
            return false;

        var adds = new List<AddFile>();
        foreach (var path in faults.Misdescribed)
            adds.AddRange(await RewriteAsync(snapshot.Files[path], WideFiles.Of(lake.Tuples, snapshot), ct));
        var domains = faults.Blobs.ToDictionary(b => BlobPosition.Domain(b.Key), b => (string?)BlobPosition.ToReadAgain(b.Value).ToJson(), StringComparer.Ordinal);
        var change = new DeltaChange("REPAIR") { Adds = adds, Removes = [.. faults.Files, .. faults.Misdescribed], Domains = domains, Parameters = Story };
        var result = await lake.Tuples.Delta.CommitAsync(snapshot, change, CancellationToken.None);
        if (!result.Committed)
            await lake.Tuples.Writer.DeleteAsync(adds);
        return result.Committed;
    }

    private async ValueTask<IReadOnlyList<AddFile>> RewriteAsync(AddFile file, WideFiles? wide, CancellationToken ct)
    {
        if (wide is not null)
            return [await wide.MergeAsync([file with { Stats = null }], ct)];

        using var decoder = new TupleFileDecoder();
        var batches = new List<TupleBatch>();
        await foreach (var batch in lake.Tuples.Reader.ReadRowsAsync(file, decoder, new TupleBatchPool(0), ct))
            batches.Add(batch);
        return await lake.Tuples.Writer.WriteAsync(batches, ct);
    }
}
