using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>
/// The distinct addresses of a column in a row group, each written once as text and once as its key. Both columns have
/// the same codes, so their data pages are the same bytes.
/// </summary>
internal sealed class AddressDictionary
{
    private const int MaxText = 64;
    private const int KeyDigits = 32;

    /// <summary>The digits of a byte and a dot, as the four bytes of a number.</summary>
    private static readonly uint[] Octets = [.. Enumerable.Range(0, 256).Select(Octet)];

    /// <summary>What the keys of all IPv4 addresses begin with: ::ffff:0:0/96.</summary>
    private static ReadOnlySpan<byte> MappedPrefix => "00000000000000000000ffff"u8;

    private readonly Dictionary<IpAddressKey, int> _v6 = [];

    /// <summary>Open addressing: the address in the upper half, its code + 1 in the lower one, 0 = free.</summary>
    private ulong[] _v4 = new ulong[2048];
    private int _v4Count;

    public TextValues Texts { get; } = new();

    /// <summary>32 hex digits each.</summary>
    public TextValues Keys { get; } = new();

    public void Clear()
    {
        Texts.Clear();
        Keys.Clear();
        _v6.Clear();
        Array.Clear(_v4);
        _v4Count = 0;
    }

    public int Code(IpAddressKey key)
    {
        if (!key.IsIPv6)
            return CodeV4(key.V4);
        if (!_v6.TryGetValue(key, out var code))
            _v6.Add(key, code = Append(key));
        return code;
    }

    public int CodeV4(uint address)
    {
        var slots = _v4;
        // The mask is below the length, which spares the question whether the slot is there.
        var mask = slots.Length - 1;
        for (var slot = Slot(address); ; slot++)
        {
            ref var entry = ref slots[slot & mask];
            if ((uint)(entry >> 32) == address && entry != 0)
                return (int)entry - 1;
            if (entry == 0)
                return AddV4(ref entry, address);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int AddV4(ref ulong entry, uint address)
    {
        var code = Append(address);
        entry = ((ulong)address << 32) | (uint)(code + 1);
        if (++_v4Count * 2 > _v4.Length)
            GrowV4();
        return code;
    }

    private void GrowV4()
    {
        var old = _v4;
        _v4 = new ulong[old.Length * 2];
        foreach (var entry in old)
        {
            if (entry == 0)
                continue;
            var slot = Slot((uint)(entry >> 32)) & (_v4.Length - 1);
            while (_v4[slot] != 0)
                slot = (slot + 1) & (_v4.Length - 1);
            _v4[slot] = entry;
        }
    }

    /// <summary>Multiplicative hashing: the upper bits of the product are the mixed ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Slot(uint address) => (int)((address * 0x9E3779B97F4A7C15UL) >> 32);

    private static uint Octet(int value)
    {
        Span<byte> text = stackalloc byte[4];
        text.Clear();
        Utf8Formatter.TryFormat(value, text, out var digits);
        text[digits] = (byte)'.';
        return BinaryPrimitives.ReadUInt32LittleEndian(text);
    }

    private int Append(uint address)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
        var key = Keys.Begin(KeyDigits);
        MappedPrefix.CopyTo(key);
        Convert.TryToHexStringLower(bytes, key[MappedPrefix.Length..], out _);
        Keys.End(KeyDigits);

        var text = Texts.Begin(MaxText);
        var at = 0;
        foreach (var part in bytes)
        {
            var octet = Octets[part];
            BinaryPrimitives.WriteUInt32LittleEndian(text[at..], octet);
            at += (octet >> 16) == 0 ? 2 : (octet >> 24) == 0 ? 3 : 4;
        }

        return Texts.End(at - 1);
    }

    /// <summary>An IPv6 address; the same text as <see cref="IpAddressKey.ToString"/>, without the string.</summary>
    private int Append(IpAddressKey key)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key.Bits);
        Convert.TryToHexStringLower(bytes, Keys.Begin(KeyDigits), out _);
        Keys.End(KeyDigits);
        new IPAddress(bytes).TryFormat(Texts.Begin(MaxText), out var length);
        return Texts.End(length);
    }
}
