namespace FlowLogAnalyzer.Parsing;

/// <summary>Why a whole blob cannot be read, where, and in words that go behind "because".</summary>
internal sealed record BlobFailure(RejectionReason Reason, long Offset, string What)
{
    /// <summary>True when the whole records before it are not to be used either.</summary>
    public bool RefusesAll { get; init; }
}
