namespace FlowLogAnalyzer.Flows;

/// <summary>
/// What was odd about a row that is kept all the same. Stored as a bit set in the lake's column <c>flags</c>; the values
/// are part of the lake's contract and never change meaning.
/// </summary>
[Flags]
public enum QualityFlags
{
    None = 0,

    /// <summary>The time is not in the unit of the log's format (seconds in a VNet log, milliseconds in an NSG log).</summary>
    TimeUnit = 1 << 0,

    /// <summary>The time is zero, negative, or more than a day away from the record's.</summary>
    TimeRange = 1 << 1,

    /// <summary>The number of fields belongs to another version of the same log kind.</summary>
    FieldCount = 1 << 2,

    /// <summary>Fields with content behind the last known one.</summary>
    ExtraFields = 1 << 3,

    /// <summary>Empty fields behind the last known one.</summary>
    TrailingCommas = 1 << 4,

    /// <summary>Spaces round a field.</summary>
    Spaces = 1 << 5,

    /// <summary>A code letter in lower case.</summary>
    LowerCase = 1 << 6,

    /// <summary>A protocol, direction, decision, state or encryption that is not known; its text is in <c>other</c>.</summary>
    UnknownCode = 1 << 7,

    /// <summary>An IPv6 address with a zone or in brackets.</summary>
    AddressForm = 1 << 8,

    /// <summary>Some of the four counters are empty and some are not.</summary>
    PartialCounters = 1 << 9,

    /// <summary>A Begin or Denied tuple that carries counters.</summary>
    CountersOnBegin = 1 << 10,

    /// <summary>A counter in scientific or decimal notation.</summary>
    CounterForm = 1 << 11,

    /// <summary>The flow was re-created in the same millisecond; its later End looks cumulative.</summary>
    Recreated = 1 << 12,

    /// <summary>The record has no MAC, or the inner one, the record's and the path's differ.</summary>
    Mac = 1 << 13,

    /// <summary>The rule has no DefaultRule_ or UserRule_ prefix, or is only the prefix.</summary>
    RuleForm = 1 << 14,

    /// <summary>Something about the record: no category, doubled key, unreadable or zoneless time, property of a wrong type.</summary>
    Record = 1 << 15,

    /// <summary>The blob's path is not a flow-log path, or its hour is more than one away from the record's.</summary>
    Path = 1 << 16,
}
