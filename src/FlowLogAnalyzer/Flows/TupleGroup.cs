namespace FlowLogAnalyzer.Flows;

/// <summary>
/// What the tuples of one record share. Mutable on purpose: a record's keys come in any order, so rows are stored first
/// and their record is completed when it closes.
/// </summary>
public sealed class TupleRecord
{
    /// <summary>Position of the record in its blob, from 0.</summary>
    public required int Index { get; set; }

    public LogFormat Format { get; set; }

    /// <summary>The record's <c>time</c>, Unix milliseconds UTC; null when missing or unreadable.</summary>
    public long? TimeMs { get; set; }

    /// <summary>The MAC of the NIC: 12 upper-case hex digits, or null.</summary>
    public string? Mac { get; set; }

    /// <summary>NSG logs: <c>systemId</c>. VNet logs: <c>flowLogGUID</c>.</summary>
    public string? SystemId { get; set; }

    /// <summary>NSG logs: <c>resourceId</c>, the NSG. VNet logs: <c>flowLogResourceID</c>. As written.</summary>
    public string? ResourceId { get; set; }

    /// <summary>VNet logs: <c>targetResourceID</c>, the VNet, subnet or NIC that is logged. NSG logs: null.</summary>
    public string? TargetId { get; set; }

    /// <summary>The blob of the record where a batch has rows of several, as those read from a lake; null = the batch's.</summary>
    public BlobIdentity? Blob { get; set; }

    /// <summary>Flags of the record as a whole; they are added to those of each of its rows.</summary>
    public QualityFlags Flags { get; set; }

    /// <summary>True while it waits to be used again.</summary>
    internal bool IsSpare { get; set; }

    internal void Clear(int index)
    {
        (Index, Format, TimeMs, Flags, IsSpare) = (index, LogFormat.Unknown, null, QualityFlags.None, false);
        Mac = SystemId = ResourceId = TargetId = null;
        Blob = null;
    }
}

/// <summary>What the tuples under one rule share.</summary>
public sealed class TupleGroup
{
    public required TupleRecord Record { get; set; }

    /// <summary>The rule as written, with its prefix; null when the log has none.</summary>
    public string? Rule { get; set; }

    /// <summary>NSG logs: the NSG (<c>resourceId</c>). VNet logs: <c>aclID</c>. As written.</summary>
    public string? AclId { get; set; }

    /// <summary>NSG logs: the <c>mac</c> beside the tuples, which wins over the record's. VNet logs: null.</summary>
    public string? Mac { get; set; }

    public QualityFlags Flags { get; set; }

    internal void Clear(TupleRecord record)
    {
        (Record, Flags) = (record, QualityFlags.None);
        Rule = AclId = Mac = null;
    }
}
