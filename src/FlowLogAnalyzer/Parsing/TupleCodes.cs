using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Parsing;

/// <summary>The codes of a tuple. What is not known becomes Unknown, a flag, and its text: never a default.</summary>
internal static class TupleCodes
{
    /// <summary>Documented values (Azure docs, vnet-flow-logs-overview, "Log format").</summary>
    private static readonly string[] Encryptions =
    [
        "NX", "X", "NX_HW_NOT_SUPPORTED", "NX_SW_NOT_READY", "NX_NOT_ACCEPTED", "NX_NOT_SUPPORTED", "NX_LOCAL_DST", "NX_FALLBACK",
    ];

    /// <summary>The letter in upper case, or 0 when the field is not a single letter.</summary>
    public static byte Letter(ReadOnlySpan<byte> field, ref QualityFlags flags)
    {
        if (field.Length != 1 || !char.IsAsciiLetter((char)field[0]))
            return 0;
        if (char.IsAsciiLetterLower((char)field[0]))
            flags |= QualityFlags.LowerCase;
        return (byte)(field[0] & ~0x20);
    }

    /// <summary>IANA number; -1 when unknown. NSG logs write letters and VNet logs numbers; the other spelling is marked.</summary>
    public static short Protocol(ReadOnlySpan<byte> field, bool isVnet, ref QualityFlags flags, ref OtherText other)
    {
        var isNumber = NumberText.TryParse(field, out var number) && number <= 255;
        if (isNumber && isVnet)
            return (short)number;

        var caseFlag = QualityFlags.None;
        var protocol = isNumber ? (short)number : Letter(field, ref caseFlag) switch
        {
            (byte)'T' => (short)6,
            (byte)'U' => (short)17,
            (byte)'I' => (short)1,
            _ => (short)-1,
        };
        flags |= protocol >= 0 ? caseFlag : QualityFlags.None;
        if (isVnet || isNumber || protocol is not (6 or 17))
            MarkUnknown("protocol"u8, field, ref flags, ref other);
        return protocol;
    }

    public static Direction Direction(ReadOnlySpan<byte> field, ref QualityFlags flags, ref OtherText other)
    {
        var caseFlag = QualityFlags.None;
        var letter = Letter(field, ref caseFlag);
        if (letter is not ((byte)'I' or (byte)'O'))
        {
            MarkUnknown("direction"u8, field, ref flags, ref other);
            return Flows.Direction.Unknown;
        }

        flags |= caseFlag;
        return letter == 'I' ? Flows.Direction.Inbound : Flows.Direction.Outbound;
    }

    public static Decision Decision(ReadOnlySpan<byte> field, ref QualityFlags flags, ref OtherText other)
    {
        var caseFlag = QualityFlags.None;
        var letter = Letter(field, ref caseFlag);
        if (letter is not ((byte)'A' or (byte)'D'))
        {
            MarkUnknown("decision"u8, field, ref flags, ref other);
            return Flows.Decision.Unknown;
        }

        flags |= caseFlag;
        return letter == 'A' ? Flows.Decision.Allow : Flows.Decision.Deny;
    }

    /// <summary>The letter of the state alone; <see cref="FlowState.None"/> when unknown. D is a state of VNet logs only.</summary>
    public static FlowState State(ReadOnlySpan<byte> field, bool isVnet, ref QualityFlags flags, ref OtherText other)
    {
        var caseFlag = QualityFlags.None;
        var state = Letter(field, ref caseFlag) switch
        {
            (byte)'B' => FlowState.Begin,
            (byte)'C' => FlowState.Continuing,
            (byte)'E' => FlowState.End,
            (byte)'D' when isVnet => FlowState.Denied,
            _ => FlowState.None,
        };
        if (state == FlowState.None)
            MarkUnknown("state"u8, field, ref flags, ref other);
        else
            flags |= caseFlag;
        return state;
    }

    public static string? Encryption(ReadOnlySpan<byte> field, Utf8StringPool pool, ref QualityFlags flags, ref OtherText other)
    {
        foreach (var known in Encryptions)
        {
            if (!System.Text.Ascii.EqualsIgnoreCase(field, known))
                continue;
            if (!System.Text.Ascii.Equals(field, known))
                flags |= QualityFlags.LowerCase;
            return known;
        }

        MarkUnknown("encryption"u8, field, ref flags, ref other);
        return field.IsEmpty ? null : pool.Get(OtherText.Cut(field));
    }

    public static void MarkUnknown(ReadOnlySpan<byte> name, ReadOnlySpan<byte> field, ref QualityFlags flags, ref OtherText other)
    {
        flags |= QualityFlags.UnknownCode;
        other.Add(name, field);
    }
}
