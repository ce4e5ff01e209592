namespace FlowLogAnalyzer.Parsing;

/// <summary>Why something of a blob is not among its rows. The list is closed: nothing is dropped for another reason.</summary>
public enum RejectionReason
{
    // One tuple.

    /// <summary>The tuple is an empty text.</summary>
    EmptyTuple = 1,

    /// <summary>An element of <c>flowTuples</c> is not a string.</summary>
    NotAString = 2,

    /// <summary>Fewer fields than the version of the record needs.</summary>
    TooFewFields = 3,

    /// <summary>The time is not a whole number, or lies outside the years 1 to 9999.</summary>
    BadTime = 4,

    /// <summary>An address is neither IPv4 in four decimal parts nor IPv6.</summary>
    BadAddress = 5,

    /// <summary>A port is not a number from 0 to 65535.</summary>
    BadPort = 6,

    /// <summary>A counter is negative, not whole, above 2^63 - 1, or not a number.</summary>
    BadCounter = 7,

    /// <summary>The tuple is not valid UTF-8, or has half a surrogate pair.</summary>
    InvalidText = 8,

    /// <summary>A key came twice in one object: the last one wins, and the tuples of the earlier one are put aside.</summary>
    SupersededByDoubledKey = 9,

    // One record with all its tuples.

    /// <summary>Not NSG version 1 or 2, not VNet version 4, or no version at all.</summary>
    UnknownVersion = 20,

    /// <summary>Properties of NSG and VNet logs in one record, or a category that its shape contradicts.</summary>
    ContradictoryShape = 21,

    /// <summary>The Windows Server SDN / Azure Local dialect (<c>portId</c> where Azure has <c>mac</c>).</summary>
    UnknownDialect = 22,

    /// <summary>Something on the way to the tuples is missing or of a wrong type.</summary>
    TuplesUnreachable = 23,

    /// <summary>A <c>records</c> property inside a record.</summary>
    NestedRecords = 24,

    /// <summary>The record's category is not one of the two flow-log categories.</summary>
    OtherCategory = 25,

    /// <summary>No category, and not the shape of a flow-log record.</summary>
    NotAFlowRecord = 26,

    /// <summary>A text of the record is longer than <see cref="BlobReadRequest.MaxTextBytes"/>.</summary>
    TextTooLong = 27,

    /// <summary>A text of the record (rule, resource id, ...) is not valid UTF-8.</summary>
    InvalidRecordText = 28,

    /// <summary>More tuples than <see cref="BlobReadRequest.MaxRecordRows"/>.</summary>
    TooManyTuples = 29,

    /// <summary>An element of <c>records</c> is not an object.</summary>
    NotAnObject = 30,

    // The whole blob.

    /// <summary>UTF-16 or UTF-32.</summary>
    Encoding = 40,

    /// <summary>Not JSON from the first byte on.</summary>
    NotJson = 41,

    /// <summary>Invalid JSON somewhere inside.</summary>
    Syntax = 42,

    /// <summary>Nested deeper than 64 levels.</summary>
    TooDeep = 43,

    /// <summary>The root has the key <c>records</c> twice.</summary>
    DoubledRecords = 44,

    /// <summary>Damaged gzip data.</summary>
    Compression = 45,

    /// <summary>Expands to more than <see cref="BlobReadRequest.MaxExpandedBytes"/>.</summary>
    Expansion = 46,
}
