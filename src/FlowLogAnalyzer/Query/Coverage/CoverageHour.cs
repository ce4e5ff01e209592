namespace FlowLogAnalyzer.Query.Coverage;

/// <summary>How far the logs of a NIC and hour can be relied on.</summary>
public enum CoverageGrade
{
    /// <summary>Every log that should be there is there, and was read to its end.</summary>
    A,

    /// <summary>As A, with small flaws: minutes without records, repeated tuples, a few rejected ones.</summary>
    B,

    /// <summary>One side is missing: a level of NSGs, states or counters, a part of a blob, or it cannot be told.</summary>
    C,

    /// <summary>Nothing, where there should be something: the absence of a flow says nothing here.</summary>
    D,
}

/// <summary>What the lake holds of one NIC and hour, beside what it should hold.</summary>
public sealed record CoverageHour
{
    public required string Mac { get; init; }

    /// <summary>The node, or the NIC's name; null when the inventory does not know the MAC.</summary>
    public string? Name { get; init; }

    /// <summary>NSGs that guard the NIC, lower case; none when the inventory does not know it.</summary>
    public IReadOnlyList<string> Nsgs { get; init; } = [];

    /// <summary>UTC.</summary>
    public required DateTime Hour { get; init; }

    /// <summary>Blobs that the flow-log resources should give; null when these are not in the inventory.</summary>
    public int? Expected { get; init; }

    public int Blobs { get; init; }

    /// <summary>Bytes of the blobs as last listed.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes up to the end of the last whole record.</summary>
    public long BytesParsed { get; init; }

    public long Records { get; init; }

    public long Tuples { get; init; }

    public long Rows { get; init; }

    /// <summary>Tuples that gave no row.</summary>
    public long Rejected => Tuples - Rows;

    /// <summary>Minutes between the hour's first and last record for which no log of the NIC has one.</summary>
    public int SilentMinutes { get; init; }

    /// <summary>Blobs that changed when their hour was over for more than ten minutes.</summary>
    public int Late { get; init; }

    /// <summary>Rows that repeat a row of another record of the same blob: the platform writes a record twice at times.</summary>
    public long Repeated { get; init; }

    public CoverageGrade Grade { get; init; }

    /// <summary>Why it is not an A, and what else is worth knowing.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
