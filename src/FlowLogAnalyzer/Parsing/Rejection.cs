namespace FlowLogAnalyzer.Parsing;

/// <summary>
/// One tuple, record or blob that gave no rows: where it is and how it begins. <paramref name="Offset"/> counts bytes of
/// the (decompressed) stream that was read; <paramref name="RecordIndex"/> is null for a whole blob and
/// <paramref name="TupleIndex"/> for a whole record; <paramref name="Text"/> holds at most 200 characters.
/// </summary>
public sealed record Rejection(string Blob, int? RecordIndex, int? TupleIndex, long Offset, RejectionReason Reason, string Text);
