using System.Buffers;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Ingest;

/// <summary>
/// Reads and parses blobs as planned, one at a time: every worker has its own. A blob that changes meanwhile is listed and planned
/// anew, a few times.
/// </summary>
internal sealed class BlobReading(RunState state, Planner planner)
{
    /// <summary>Bytes before the resume offset that are read again with every increment: few, since increments of quiet NICs are small.</summary>
    private const int AnchorBytes = 256;

    /// <summary>Rather few: a batch that is a little too large costs less than one that has to grow.</summary>
    private const int BytesPerTuple = 62;

    private readonly Utf8StringPool _texts = new();

    /// <summary>The blob with its rows, or null when there is nothing to commit (which is counted and reported here).</summary>
    public async ValueTask<ReadBlob?> ReadAsync(BlobPlan plan, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (plan.Replaces && state.Options.Lake.Tuples.Delta.TakesNewRowsOnly)
            {
                state.Failed(plan.Blob.Path, $"'{plan.Blob.Path}' was rewritten, and the lake's table takes new rows only (delta.appendOnly is 'true'): its earlier rows stay.");
                return null;
            }

            try
            {
                return plan.Mode == ReadMode.Touch ? Touched(plan) : await ReadOnceAsync(plan, ct);
            }
            catch (BlobGoneException e)
            {
                // Retention deletes blobs: the rows of earlier readings stay.
                state.Skipped(plan.Blob.Path, e.Message);
                return null;
            }
            catch (AnchorLostException)
            {
                plan = plan with { Mode = ReadMode.Whole };
            }
            catch (BlobChangedException) when (attempt < state.Options.MaxAttempts)
            {
                if (await RefreshAsync(plan, ct) is not { } fresh)
                    return null;
                plan = fresh;
            }
            catch (BlobChangedException)
            {
                state.Failed(plan.Blob.Path, $"'{plan.Blob.Path}' changed {attempt} times while it was read. The next run takes it up again.");
                return null;
            }
            catch (Exception e) when (e is (IOException and not LakeWriteException) or UnauthorizedAccessException)
            {
                state.Failed(plan.Blob.Path, $"'{plan.Blob.Path}' cannot be read: {e.Message}");
                return null;
            }
            catch (Exception e) when (BlobFault.IsOfOneBlob(e))
            {
                // A broken law, or a bug of the parser: it belongs to this blob, and the others are read.
                state.Failed(plan.Blob.Path, BlobFault.Message(plan.Blob.Path, e), ofContent: true);
                return null;
            }
        }
    }

    /// <summary>The plan for the blob as it is now, or null when it cannot be had (which is counted and reported here).</summary>
    private async ValueTask<BlobPlan?> RefreshAsync(BlobPlan plan, CancellationToken ct)
    {
        return await LookAgainAsync(state, plan, ct) is { } fresh ? planner.Plan(plan.Source, fresh, plan.Domain, plan.Position) : null;
    }

    /// <summary>The blob as it is now, or null when it cannot be had (which is counted and reported here).</summary>
    public static async ValueTask<SourceBlob?> LookAgainAsync(RunState state, BlobPlan plan, CancellationToken ct)
    {
        try
        {
            if (await plan.Source.RefreshAsync(plan.Blob, ct) is { } fresh)
                return fresh;
            state.Skipped(plan.Blob.Path, $"'{plan.Blob.Path}' was deleted while it was read.");
        }
        catch (Exception e) when (e is (IOException and not LakeWriteException) or UnauthorizedAccessException)
        {
            state.Failed(plan.Blob.Path, $"'{plan.Blob.Path}' cannot be looked up: {e.Message}");
        }

        return null;
    }

    private async ValueTask<ReadBlob?> ReadOnceAsync(BlobPlan plan, CancellationToken ct)
    {
        if (plan.Mode == ReadMode.Unchanged)
        {
            state.Unchanged(plan);
            return null;
        }

        if (plan.Blob.Length == 0 && plan.Position is null)
        {
            state.Skipped(plan.Blob.Path, $"'{plan.Blob.Path}' is empty.");
            return null;
        }

        if (plan.Mode == ReadMode.Older || await ShorterCopy.IsOneAsync(plan, state, ct))
        {
            state.Older(plan);
            return null;
        }

        var rows = new RowBuffer(state, ct);
        try
        {
            var read = await ParseAsync(plan, rows, ct);
            if (read is null || read.Batches.Count + read.Spilled.Count == 0)
                await rows.DropAsync();
            return read;
        }
        catch
        {
            await rows.DropAsync();
            throw;
        }
    }

    private async ValueTask<ReadBlob?> ParseAsync(BlobPlan plan, RowBuffer rows, CancellationToken ct)
    {
        var anchor = plan.Mode == ReadMode.Continue ? plan.Position!.AnchorLength : 0;
        var start = plan.Mode == ReadMode.Continue ? plan.Position!.ResumeOffset - anchor : 0;
        await using var source = await plan.Source.OpenAsync(plan.Blob, start, ct);
        await using var measured = new MeasuredStream(source, start, state);
        try
        {
            if (anchor > 0)
                await CheckAnchorAsync(measured, plan, ct);
            var result = await FlowLogBlobReader.ReadAsync(measured, Request(plan), rows.AddAsync, ct);
            Conservation.Check("bytes the parser took = bytes it was given", measured.Count, anchor + result.BytesRead);
            if (!result.RowsAreGood)
                return Refuse(plan, result);
            await DrainAsync(measured, ct);
            Conservation.Check("rows of a blob = rows in its batches", result.Rows, rows.Total, plan.Blob.Path);
            Conservation.Check("tuples of a blob = rows + rejected", result.TuplesSeen, result.Rows + result.Rejected.Values.Sum(), plan.Blob.Path);
            return Judge(plan, result, rows, measured);
        }
        finally
        {
            state.Accounted(measured.Count);
        }
    }

    private BlobReadRequest Request(BlobPlan plan) => new(plan.Blob.Identity)
    {
        FirstRecordIndex = plan.Mode == ReadMode.Continue ? plan.Position!.Records : 0,
        Name = plan.Blob.Path,
        FirstByte = plan.Mode == ReadMode.Continue ? plan.Position!.ResumeOffset : 0,
        IsContinuation = plan.Mode == ReadMode.Continue,
        HourIsClosed = plan.HourClosed,
        BatchRows = state.Options.BatchRows,
        ExpectedRows = plan.BytesToRead / BytesPerTuple,
        Pool = state.Pool,
        Texts = _texts,
        Strict = state.Options.Strict,
    };

    private ReadBlob? Refuse(BlobPlan plan, BlobReadResult result)
    {
        state.Failed(plan.Blob.Path, Message(plan, result), ofContent: true, isForeign: result.Failure == RejectionReason.NotJson && !FlowLogPath.IsName(plan.Blob.Path));
        return null;
    }

    /// <summary>What becomes of a blob that was parsed.</summary>
    private ReadBlob? Judge(BlobPlan plan, BlobReadResult result, RowBuffer rows, MeasuredStream measured)
    {
        // Nothing that is worth remembering: the next run looks at these few bytes again.
        if (plan.Position is null && (result.Outcome is BlobOutcome.Empty or BlobOutcome.NoRecords || (result is { Outcome: BlobOutcome.Incomplete, Records: 0 } && !plan.HourClosed)))
        {
            state.Skipped(plan.Blob.Path, Message(plan, result));
            return null;
        }

        var position = Positions.After(plan, result, measured, AnchorBytes);
        var sameContent = plan.Mode == ReadMode.Whole && plan.Position?.ContentHash is { } known && known == position.ContentHash && plan.Blob.Length == plan.Position.Length;
        if (!sameContent && plan is { Replaces: true, IsOlder: true })
        {
            state.Older(plan);
            return null;
        }

        return sameContent
            ? new ReadBlob(plan, position with { Rows = plan.Position!.Rows }) { Batches = [] }
            : rows.Into(new ReadBlob(plan, position) { Result = result });
    }

    private static string Message(BlobPlan plan, BlobReadResult result) => result.Message ?? $"'{plan.Blob.Path}': {result.Outcome}.";

    /// <summary>Only the position is brought up to date.</summary>
    private static ReadBlob Touched(BlobPlan plan) =>
        new(plan, plan.Position! with { ETag = plan.Blob.ETag, LastModified = plan.Blob.LastModified, Mark = plan.Blob.Mark, Properties = plan.Blob.Properties, HourClosed = plan.HourClosed });

    private static async ValueTask CheckAnchorAsync(MeasuredStream stream, BlobPlan plan, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(plan.Position!.AnchorLength);
        try
        {
            var anchor = buffer.AsMemory(0, plan.Position.AnchorLength);
            await stream.ReadExactlyAsync(anchor, ct);
            if (MeasuredStream.Hash(anchor.Span) != plan.Position.Anchor)
                throw new AnchorLostException();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads what the parser left behind the end of the records, so that the hash and the check at the end are of the whole blob.</summary>
    private static async ValueTask DrainAsync(MeasuredStream stream, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        while (await stream.ReadAsync(buffer, ct) > 0)
        {
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>What was read before is not there any more: the blob was rewritten.</summary>
    private sealed class AnchorLostException : Exception;
}
