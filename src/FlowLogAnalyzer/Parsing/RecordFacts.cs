using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Parsing;

/// <summary>What was learnt of a record while walking it, in whatever order its keys came.</summary>
internal sealed class RecordFacts
{
    public const string NsgCategory = "NetworkSecurityGroupFlowEvent";
    public const string VnetCategory = "FlowLogFlowEvent";

    public string? Category;
    public string? SystemId;
    public string? FlowLogGuid;
    public string? ResourceId;
    public string? FlowLogResourceId;
    public string? TargetResourceId;
    public string? Mac;
    public long? TimeMs;

    /// <summary>0 = none seen, -1 = seen and unknown.</summary>
    public int NsgVersion;

    /// <summary>0 = none seen, -1 = seen and unknown.</summary>
    public int VnetVersion;

    public bool IsObject;
    public bool HasNsgFlows;
    public bool HasVnetFlows;
    public bool HasFlowRecords;
    public bool HasFlatTuples;
    public bool HasForeignShape;
    public bool HasNestedRecords;
    public bool HasPortId;
    public bool HasWrongPath;
    public bool HasLongText;
    public bool HasInvalidText;
    public QualityFlags Flags;

    public void Clear()
    {
        Category = SystemId = FlowLogGuid = ResourceId = FlowLogResourceId = TargetResourceId = Mac = null;
        TimeMs = null;
        NsgVersion = VnetVersion = 0;
        IsObject = HasNsgFlows = HasVnetFlows = HasFlowRecords = HasFlatTuples = HasForeignShape = false;
        HasNestedRecords = HasPortId = HasWrongPath = HasLongText = HasInvalidText = false;
        Flags = QualityFlags.None;
    }

    private bool IsMarkedNsg => HasNsgFlows || NsgVersion != 0 || IsNsgCategory;

    private bool IsMarkedVnet => HasFlowRecords || VnetVersion != 0 || IsVnetCategory;

    private bool IsNsgCategory => string.Equals(Category, NsgCategory, StringComparison.OrdinalIgnoreCase);

    private bool IsVnetCategory => string.Equals(Category, VnetCategory, StringComparison.OrdinalIgnoreCase);

    /// <summary>The format, or the reason why the record cannot be used. The order of the questions is fixed, so that the order of keys does not matter.</summary>
    public LogFormat Judge(bool hasTooMany, out RejectionReason reason)
    {
        reason = Fault(hasTooMany);
        if (reason != default)
            return LogFormat.Unknown;
        if (HasVnetFlows)
            return LogFormat.VnetV4;
        return NsgVersion == 1 ? LogFormat.NsgV1 : LogFormat.NsgV2;
    }

    private RejectionReason Fault(bool hasTooMany)
    {
        if (!IsObject)
            return RejectionReason.NotAnObject;
        if (Category is not null && !IsNsgCategory && !IsVnetCategory)
            return RejectionReason.OtherCategory;
        if (HasNestedRecords)
            return RejectionReason.NestedRecords;
        if (HasPortId)
            return RejectionReason.UnknownDialect;
        if (Category is null && !HasNsgFlows && !HasFlowRecords)
            return RejectionReason.NotAFlowRecord;
        if (HasForeignShape || (HasFlowRecords && IsMarkedNsg) || (HasNsgFlows && IsMarkedVnet))
            return RejectionReason.ContradictoryShape;
        if (HasFlatTuples)
            return RejectionReason.UnknownVersion;
        return FaultOfContent(hasTooMany);
    }

    private RejectionReason FaultOfContent(bool hasTooMany)
    {
        if (HasWrongPath || (!HasNsgFlows && !HasVnetFlows))
            return RejectionReason.TuplesUnreachable;
        if (HasVnetFlows ? VnetVersion != 4 : NsgVersion is not (1 or 2))
            return RejectionReason.UnknownVersion;
        if (HasLongText)
            return RejectionReason.TextTooLong;
        if (HasInvalidText)
            return RejectionReason.InvalidRecordText;
        return hasTooMany ? RejectionReason.TooManyTuples : default;
    }
}
