using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Ingest;

/// <summary>The position of a blob after a reading.</summary>
internal static class Positions
{
    public static BlobPosition After(BlobPlan plan, BlobReadResult result, MeasuredStream measured, int anchorBytes)
    {
        var before = plan.Mode == ReadMode.Continue ? plan.Position! : new BlobPosition();
        var resume = result.ResumeOffset > 0 ? before.ResumeOffset + result.ResumeOffset : before.ResumeOffset;
        var anchor = measured.Anchor(resume, anchorBytes);
        return new BlobPosition
        {
            Length = plan.Blob.Length,
            ETag = plan.Blob.ETag,
            LastModified = plan.Blob.LastModified,
            Mark = plan.Blob.Mark,
            Properties = plan.Blob.Properties,
            // Without an anchor (very long bytes behind the last record) the next reading starts over.
            ResumeOffset = anchor is null ? 0 : resume,
            Anchor = anchor?.Hash ?? "",
            AnchorLength = anchor?.Length ?? 0,
            Records = before.Records + result.Records,
            Tuples = before.Tuples + result.TuplesSeen,
            Rows = before.Rows + result.Rows,
            ContentHash = plan.Mode == ReadMode.Whole ? measured.ContentHash() : null,
            Head = result.IsCompressed ? null : plan.Mode == ReadMode.Whole ? measured.Head() : before.Head,
            HourClosed = plan.HourClosed,
            Outcome = Outcome(plan, result),
            Message = result.Message,
            Compressed = result.IsCompressed,
        };
    }

    private static string Outcome(BlobPlan plan, BlobReadResult result) => result.Outcome switch
    {
        BlobOutcome.Incomplete => BlobOutcomes.Incomplete,
        BlobOutcome.Failed => BlobOutcomes.Damaged,
        BlobOutcome.Skipped when plan.Mode == ReadMode.Whole => BlobOutcomes.Skipped,
        _ => BlobOutcomes.Complete,
    };
}
