using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Nsg;

/// <summary>Addresses of one family from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
public readonly record struct AddressRange(IpAddressKey First, IpAddressKey Last)
{
    public static AddressRange AllIPv4 { get; } = new(IpAddressKey.FromIPv4(0), IpAddressKey.FromIPv4(uint.MaxValue));

    public static AddressRange AllIPv6 { get; } = new(IpAddressKey.FromIPv6(UInt128.MinValue), IpAddressKey.FromIPv6(UInt128.MaxValue));

    public bool IsIPv6 => First.IsIPv6;

    public bool Contains(IpAddressKey address) =>
        address.IsIPv6 == IsIPv6 && address.Bits >= First.Bits && address.Bits <= Last.Bits;

    /// <summary>
    /// Reads <c>10.0.0.0/8</c>, <c>10.0.0.4</c> or <c>10.0.0.4-10.0.0.9</c> (either family). Host bits behind the
    /// prefix length are ignored, as Azure does. Anything else (a tag, an expression) is not an address.
    /// </summary>
    public static bool TryParse(string? text, out AddressRange range)
    {
        range = default;
        if (text is null)
            return false;

        var trimmed = text.Trim();
        var slash = trimmed.IndexOf('/');
        if (slash > 0)
            return TryParsePrefix(trimmed, slash, out range);

        var dash = trimmed.IndexOf('-');
        if (dash > 0)
            return TryParseBounds(trimmed, dash, out range);

        if (!TryParseAddress(trimmed, out var single))
            return false;

        range = new AddressRange(single, single);
        return true;
    }

    /// <summary>A range that one prefix covers exactly is written as that prefix.</summary>
    public override string ToString()
    {
        if (First == Last)
            return $"{First}/{Width}";

        var size = Last.Bits - First.Bits;
        return (size & (size + 1)) == 0 && (First.Bits & size) == 0
            ? $"{First}/{Width - (int)UInt128.Log2(size) - 1}"
            : $"{First}-{Last}";
    }

    private int Width => IsIPv6 ? 128 : 32;

    private static bool TryParsePrefix(string text, int slash, out AddressRange range)
    {
        range = default;
        if (!TryParseAddress(text[..slash], out var address) || !int.TryParse(text.AsSpan(slash + 1), out var length))
            return false;

        var width = address.IsIPv6 ? 128 : 32;
        if (length < 0 || length > width)
            return false;

        var hostBits = length == 0 && width == 128 ? UInt128.MaxValue : (UInt128.One << (width - length)) - 1;
        range = new AddressRange(
            new IpAddressKey(address.Bits & ~hostBits, address.IsIPv6),
            new IpAddressKey(address.Bits | hostBits, address.IsIPv6));
        return true;
    }

    private static bool TryParseBounds(string text, int dash, out AddressRange range)
    {
        range = default;
        if (!TryParseAddress(text[..dash], out var first) || !TryParseAddress(text[(dash + 1)..], out var last))
            return false;

        range = new AddressRange(first, last);
        return first.IsIPv6 == last.IsIPv6 && first.Bits <= last.Bits;
    }

    /// <summary>The platform's parser also takes <c>10</c> for 0.0.0.10 and zones; a rule never means those.</summary>
    private static bool TryParseAddress(string text, out IpAddressKey key)
    {
        key = default;
        var dotted = text.AsSpan().Count('.') == 3;
        return (dotted || text.Contains(':')) && !text.Contains('%') && !text.Contains('[') && IpAddressKey.TryParse(text, out key);
    }
}
