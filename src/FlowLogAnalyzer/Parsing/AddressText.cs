using System.Net;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Parsing;

/// <summary>Addresses of tuples, from UTF-8 text.</summary>
internal static class AddressText
{
    private const int LongestIPv6 = 45;

    /// <summary>
    /// Four decimal parts, no leading zeros: whether 010 is eight or ten depends on who reads it (RFC 6943 section 3.1.1).
    /// </summary>
    public static bool TryParseIPv4(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        var at = 0;
        for (var part = 0; part < 4; part++)
        {
            if (part > 0 && (at >= text.Length || text[at++] != '.'))
                return false;

            var start = at;
            uint value = 0;
            while (at < text.Length && (uint)(text[at] - '0') <= 9 && at - start < 4)
                value = (value * 10) + (uint)(text[at++] - '0');

            var digits = at - start;
            if (digits is 0 or > 3 || value > 255 || (digits > 1 && text[start] == '0'))
                return false;
            address = (address << 8) | value;
        }

        return at == text.Length;
    }

    /// <summary>Any address; brackets and a zone are taken off and flagged.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out IpAddressKey key, ref QualityFlags flags)
    {
        if (TryParseIPv4(text, out var v4))
        {
            key = IpAddressKey.FromIPv4(v4);
            return true;
        }

        key = default;
        var bare = text;
        if (bare.Length > 2 && bare[0] == '[' && bare[^1] == ']')
            bare = bare[1..^1];
        var zone = bare.IndexOf((byte)'%');
        if (zone >= 0)
            bare = bare[..zone];
        if (!TryParseIPv6(bare, out key))
            return false;

        if (bare.Length != text.Length)
            flags |= QualityFlags.AddressForm;
        return true;
    }

    private static bool TryParseIPv6(ReadOnlySpan<byte> text, out IpAddressKey key)
    {
        key = default;
        var lastColon = text.LastIndexOf((byte)':');
        if (text.Length > LongestIPv6 || lastColon < 0)
            return false;

        // The platform's parser also takes prefixes, ports and odd IPv4 tails: only the plain form comes to it.
        var tail = text[(lastColon + 1)..];
        if (tail.Contains((byte)'.') && !TryParseIPv4(tail, out _))
            return false;

        Span<char> chars = stackalloc char[LongestIPv6];
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (!char.IsAsciiHexDigit((char)c) && c != ':' && (c != '.' || i < lastColon))
                return false;
            chars[i] = (char)c;
        }

        if (!IPAddress.TryParse(chars[..text.Length], out var address))
            return false;
        key = IpAddressKey.From(address);
        return key.IsIPv6;
    }
}
