namespace FlowLogAnalyzer.Parsing;

/// <summary>What became of one blob.</summary>
public enum BlobOutcome
{
    /// <summary>Read to its end.</summary>
    Complete,

    /// <summary>Ends in the middle: still growing, or cut. The whole records before that point are good.</summary>
    Incomplete,

    /// <summary>No bytes, or white space only.</summary>
    Empty,

    /// <summary>Whole, with no record in it.</summary>
    NoRecords,

    /// <summary>Well-formed, but no flow log: another diagnostic category writes the same file name.</summary>
    Skipped,

    /// <summary>Unreadable from <see cref="BlobReadResult.ErrorOffset"/> on; <see cref="BlobReadResult.RowsAreGood"/> says whether the whole records before are.</summary>
    Failed,
}
