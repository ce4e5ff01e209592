namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>What can be wrong with a lake.</summary>
public enum LakeProblemKind
{
    /// <summary>An entry of the log is missing, unreadable or not what its neighbours say.</summary>
    Log,

    /// <summary>A checkpoint that does not say what the entries before it say.</summary>
    Checkpoint,

    /// <summary>An active data file that is missing, damaged or another one.</summary>
    DataFile,

    /// <summary>A number in the log that its file does not bear out.</summary>
    Statistics,

    /// <summary>Reading positions that cannot be had.</summary>
    Positions,

    /// <summary>Fewer rows of a blob than its position says, and nobody deleted them on purpose.</summary>
    RowsMissing,

    /// <summary>Rows of a blob that are there more than once.</summary>
    RowsTwice,

    /// <summary>Rows that no reading of flowlog's put there.</summary>
    RowsUnknown,
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Kind">For whoever decides what to do.</param>
/// <param name="File">Below the lake's root.</param>
/// <param name="Place">In the file: a blob, a column, a number; empty = all of it.</param>
/// <param name="Problem">A sentence.</param>
/// <param name="Next">The command that helps.</param>
public sealed record LakeProblem(LakeProblemKind Kind, string File, string Place, string Problem, string Next);

/// <summary>What was looked at, and what was found.</summary>
public sealed record LakeVerification
{
    public required int Tables { get; init; }

    /// <summary>Entries and checkpoints.</summary>
    public required int LogFiles { get; init; }

    /// <summary>Of all tables.</summary>
    public required int DataFiles { get; init; }

    /// <summary>Of the data files that are sound.</summary>
    public required long Bytes { get; init; }

    /// <summary>Of the table <c>tuples</c>, in files that are sound.</summary>
    public required long Rows { get; init; }

    /// <summary>Blobs with a reading position.</summary>
    public required int Blobs { get; init; }

    public required IReadOnlyList<LakeProblem> Problems { get; init; }

    /// <summary>What is no problem and worth knowing: rows that somebody deleted on purpose, blobs that wait to be read again.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public bool IsSound => Problems.Count == 0;

    /// <summary>What <see cref="LakeRepair"/> has to mend.</summary>
    internal LakeFaults Faults { get; init; } = LakeFaults.None;
}

/// <summary>What of the table <c>tuples</c> is broken, for the repair.</summary>
/// <param name="Version">Of the table that was looked at; -1 for none.</param>
/// <param name="Files">Active files that cannot be used.</param>
/// <param name="Misdescribed">Active files that are sound and of which the log says something else.</param>
/// <param name="Blobs">Blobs to be read again, with the rows of theirs that are left.</param>
internal sealed record LakeFaults(long Version, IReadOnlyList<string> Files, IReadOnlyList<string> Misdescribed, IReadOnlyDictionary<string, long> Blobs)
{
    public static LakeFaults None { get; } = new(-1, [], [], new Dictionary<string, long>());
}
