namespace FlowLogAnalyzer.Parsing;

/// <summary>Bytes as stored, bytes of text, and whether they differ.</summary>
internal sealed record ReadSizes(long Source, long Text, bool IsCompressed);

/// <summary>Turns the end of a read into its outcome and a message for a person.</summary>
internal static class ResultBuilder
{
    public static BlobReadResult Build(BlobParser parser, BlobReadRequest request, BlobFailure? failure, ReadSizes sizes)
    {
        var tally = parser.Tally;
        var outcome = Outcome(parser, failure);
        return new BlobReadResult
        {
            Outcome = outcome,
            RowsAreGood = failure is null || IsKeptBefore(failure, tally),
            Message = Message(outcome, parser, request, failure),
            Category = outcome == BlobOutcome.Skipped ? parser.ForeignCategory : null,
            Failure = failure?.Reason,
            ErrorOffset = failure?.Offset,
            BytesRead = sizes.Source,
            TextBytes = sizes.Text,
            ResumeOffset = sizes.IsCompressed ? 0 : parser.ResumeOffset,
            IsCompressed = sizes.IsCompressed,
            Records = tally.Records,
            RecordsRejected = tally.RecordsRejected,
            TuplesSeen = tally.TuplesSeen,
            Rows = tally.Rows,
            Rejected = tally.RejectedTuples(),
            RejectedRecords = tally.RejectedRecords(),
            Samples = tally.Samples,
            Flags = tally.Flags(),
            SurplusCommas = parser.SurplusCommas,
            TrailingBytes = parser.TrailingBytes,
        };
    }

    private static BlobOutcome Outcome(BlobParser parser, BlobFailure? failure)
    {
        if (failure is not null)
            return BlobOutcome.Failed;
        if (parser.IsEmpty)
            return BlobOutcome.Empty;
        if (!parser.IsAtEnd)
            return BlobOutcome.Incomplete;
        if (parser.Tally.Records == 0)
            return BlobOutcome.NoRecords;
        return parser.Tally.ForeignRecords == parser.Tally.Records ? BlobOutcome.Skipped : BlobOutcome.Complete;
    }

    private static bool IsKeptBefore(BlobFailure failure, ReadTally tally) => !failure.RefusesAll && tally.Records > 0;

    private static string? Message(BlobOutcome outcome, BlobParser parser, BlobReadRequest request, BlobFailure? failure)
    {
        var name = request.Name ?? request.Blob.Key;
        long At(long offset) => request.FirstByte + offset;
        return outcome switch
        {
            BlobOutcome.Failed when IsKeptBefore(failure!, parser.Tally) =>
                $"{name} is damaged: it cannot be read from byte {At(failure!.Offset)} on because {failure.What}. "
                + $"{(parser.Tally.Records == 1 ? "The whole record before that is" : $"The {parser.Tally.Records} whole records before that are")} good; what is behind it is lost until the blob is written anew.",
            BlobOutcome.Failed => $"{name} cannot be read at byte {At(failure!.Offset)} because {failure.What}. Nothing of this blob is used.",
            BlobOutcome.Empty => $"{name} is empty.",
            BlobOutcome.NoRecords => $"{name} holds no records.",
            BlobOutcome.Incomplete when request.HourIsClosed =>
                $"{name} is cut off at byte {At(parser.Offset)} although its hour is over. The {parser.Tally.Records} whole records before are good.",
            BlobOutcome.Incomplete => $"{name} is still being written: the {parser.Tally.Records} whole records up to byte {At(parser.ResumeOffset)} were read.",
            BlobOutcome.Skipped when parser.ForeignCategory is { } category =>
                $"{name} is not a flow log: its category is {category}. Flow logs are NetworkSecurityGroupFlowEvent and FlowLogFlowEvent.",
            BlobOutcome.Skipped => $"{name} is not a flow log: its records have no category and no flows.",
            _ when parser.TrailingBytes > 0 => $"{name} has {parser.TrailingBytes} bytes behind the end of its records, which were not read.",
            _ => null,
        };
    }
}
