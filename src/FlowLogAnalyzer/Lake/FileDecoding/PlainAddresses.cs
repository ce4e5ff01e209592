using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.FileDecoding;

/// <summary>Addresses as text; only the canonical spelling, which is written again, is taken.</summary>
internal sealed class PlainAddresses : PlainValues
{
    private readonly List<IpAddressKey> _keys = [];

    public override int Count => _keys.Count;

    public ReadOnlySpan<IpAddressKey> Keys => CollectionsMarshal.AsSpan(_keys);

    public override void Clear() => _keys.Clear();

    public override void Add(ref ByteReader plain)
    {
        var text = plain.Take(plain.Int32());
        _keys.Add(TryParseV4(text, out var v4) ? IpAddressKey.FromIPv4(v4) : ParseV6(text));
    }

    /// <summary>Four numbers without leading zeros.</summary>
    private static bool TryParseV4(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        for (var part = 0; part < 4; part++)
        {
            if (!TryParseOctet(ref text, out var octet))
                return false;
            address = (address << 8) | octet;
            if (part == 3)
                break;
            if (text.IsEmpty || text[0] != '.')
                return false;
            text = text[1..];
        }

        return text.IsEmpty;
    }

    private static bool TryParseOctet(ref ReadOnlySpan<byte> text, out uint octet)
    {
        octet = 0;
        var digits = 0;
        for (; digits < 3 && digits < text.Length && text[digits] is >= (byte)'0' and <= (byte)'9'; digits++)
            octet = (octet * 10) + text[digits] - '0';
        var hasLeadingZero = digits > 1 && text[0] == '0';
        text = text[digits..];
        return digits > 0 && octet <= byte.MaxValue && !hasLeadingZero;
    }

    private static IpAddressKey ParseV6(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8);
        return text.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(text, out var address) && IpAddressKey.From(address) is var key && key.ToString() == text
            ? key
            : throw new DamageException($"'{text}' is no address as the lake writes it");
    }
}

/// <summary>The sort keys of addresses: 32 lower-case hex digits.</summary>
internal sealed class PlainAddressKeys : PlainValues
{
    private const int Bytes = 16;
    private readonly List<UInt128> _bits = [];

    public override int Count => _bits.Count;

    public ReadOnlySpan<UInt128> Bits => CollectionsMarshal.AsSpan(_bits);

    public override void Clear() => _bits.Clear();

    public override void Add(ref ByteReader plain)
    {
        var text = plain.Take(plain.Int32());
        Span<byte> bits = stackalloc byte[Bytes];
        var isKey = text.Length == 2 * Bytes && !text.ContainsAnyInRange((byte)'A', (byte)'F') && Convert.FromHexString(text, bits, out _, out _) == OperationStatus.Done;
        DamageException.Unless(isKey, "a key of an address is not 32 hex digits");
        _bits.Add(BinaryPrimitives.ReadUInt128BigEndian(bits));
    }
}
