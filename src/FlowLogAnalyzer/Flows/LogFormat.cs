namespace FlowLogAnalyzer.Flows;

/// <summary>The three tuple layouts that Azure writes (docs/lake-schema.md, column <c>format</c>).</summary>
public enum LogFormat : byte
{
    Unknown = 0,

    /// <summary>NSG flow log, version 1: 8 fields, no state, no counters.</summary>
    NsgV1 = 1,

    /// <summary>NSG flow log, version 2: 13 fields, seconds, protocol letters, decision and state apart.</summary>
    NsgV2 = 2,

    /// <summary>VNet flow log, version 4: 13 fields, milliseconds, IANA protocol numbers, deny is a state.</summary>
    VnetV4 = 4,
}
