using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>
/// The distinct addresses of a column in a row group, each written once as text and once as its key. Both columns have
/// the same codes, so their data pages are the same bytes. One look-up per distinct address of a batch.
/// </summary>
internal sealed class AddressDictionary
{
    private const int MaxText = 64;

    /// <summary>The digits of a byte and a dot, as the four bytes of a number.</summary>
    private static readonly uint[] Octets = [.. Enumerable.Range(0, 256).Select(Octet)];

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
            return CodeV4(key);
        if (!_v6.TryGetValue(key, out var code))
            _v6.Add(key, code = Append(key));
        return code;
    }

    private int CodeV4(IpAddressKey key)
    {
        var slots = _v4;
        var slot = Slot(key.V4, slots.Length);
        for (; slots[slot] != 0; slot = (slot + 1) & (slots.Length - 1))
        {
            if ((uint)(slots[slot] >> 32) == key.V4)
                return (int)slots[slot] - 1;
        }

        var code = Append(key);
        slots[slot] = ((ulong)key.V4 << 32) | (uint)(code + 1);
        if (++_v4Count * 2 > slots.Length)
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
            var slot = Slot((uint)(entry >> 32), _v4.Length);
            while (_v4[slot] != 0)
                slot = (slot + 1) & (_v4.Length - 1);
            _v4[slot] = entry;
        }
    }

    /// <summary>Multiplicative hashing: the upper bits of the product are the mixed ones.</summary>
    private static int Slot(uint address, int slots) => (int)((address * 0x9E3779B97F4A7C15UL) >> 32) & (slots - 1);

    private static uint Octet(int value)
    {
        Span<byte> text = stackalloc byte[4];
        text.Clear();
        Utf8Formatter.TryFormat(value, text, out var digits);
        text[digits] = (byte)'.';
        return BinaryPrimitives.ReadUInt32LittleEndian(text);
    }

    private int Append(IpAddressKey key)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key.Bits);
        Convert.TryToHexStringLower(bytes, Keys.Begin(32), out var written);
        Keys.End(written);
        return Texts.End(Format(key, Texts.Begin(MaxText)));
    }

    /// <summary>The same text as <see cref="IpAddressKey.ToString"/>, without the string.</summary>
    private static int Format(IpAddressKey key, Span<byte> target)
    {
        if (key.IsIPv6)
        {
            Span<byte> bytes = stackalloc byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(bytes, key.Bits);
            new IPAddress(bytes).TryFormat(target, out var length);
            return length;
        }

        var at = 0;
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            var octet = Octets[(byte)(key.V4 >> shift)];
            BinaryPrimitives.WriteUInt32LittleEndian(target[at..], octet);
            at += (octet >> 16) == 0 ? 2 : (octet >> 24) == 0 ? 3 : 4;
        }

        return at - 1;
    }
}
