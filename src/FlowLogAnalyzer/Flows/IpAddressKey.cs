using System.Net;

namespace FlowLogAnalyzer.Flows;

/// <summary>
/// An IP address as 128 bits in IPv6 order; IPv4 sits in the IPv4-mapped block (RFC 4291 section 2.5.5.2).
/// <see cref="IsV4Mapped"/> tells the two spellings apart: <c>10.0.0.1</c> and <c>::ffff:10.0.0.1</c> have equal bits.
/// </summary>
public readonly record struct IpAddressKey(UInt128 Bits, bool IsIPv6)
{
    private static readonly UInt128 MappedPrefix = (UInt128)0xFFFF << 32;

    public static IpAddressKey FromIPv4(uint address) => new(MappedPrefix | address, IsIPv6: false);

    public static IpAddressKey FromIPv6(UInt128 bits) => new(bits, IsIPv6: true);

    /// <summary>Parses a textual address; a zone or brackets are not accepted here.</summary>
    public static bool TryParse(string? text, out IpAddressKey key)
    {
        key = default;
        if (text is null || !IPAddress.TryParse(text, out var address))
            return false;

        key = From(address);
        return true;
    }

    public static IpAddressKey From(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4
            ? FromIPv4(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : FromIPv6(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>True for an IPv6 spelling whose bits are an IPv4 address.</summary>
    public bool IsV4Mapped => IsIPv6 && Bits >> 32 == 0xFFFF;

    /// <summary>The IPv4 address in the low 32 bits; meaningful when the address is IPv4 or IPv4-mapped.</summary>
    public uint V4 => (uint)Bits;

    /// <summary>
    /// 32 lower-case hex digits in address order: text order is address order in every SQL engine, and a /n prefix is
    /// a range between two keys.
    /// </summary>
    public string ToHex() => Bits.ToString("x32", null);

    /// <summary>Canonical text (RFC 5952 for IPv6; an IPv4-mapped address keeps its IPv6 spelling).</summary>
    public override string ToString()
    {
        if (!IsIPv6)
            return string.Create(null, stackalloc char[16], $"{V4 >> 24}.{(V4 >> 16) & 255}.{(V4 >> 8) & 255}.{V4 & 255}");

        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
        return new IPAddress(bytes).ToString();
    }
}
