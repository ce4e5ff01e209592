using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>
/// The distinct addresses of a column in a row group, each written once as text and once as its key. Both columns have
/// the same codes, so their data pages are the same bytes. Open addressing: one look-up per distinct address of a batch.
/// </summary>
internal sealed class AddressDictionary
{
    private const int MaxText = 64;
    private IpAddressKey[] _keys = new IpAddressKey[1024];
    private int[] _slots = new int[2048];
    private int _count;

    public TextValues Texts { get; } = new();

    /// <summary>32 hex digits each.</summary>
    public TextValues Keys { get; } = new();

    public void Clear()
    {
        Texts.Clear();
        Keys.Clear();
        Array.Clear(_slots);
        _count = 0;
    }

    public int Code(IpAddressKey key)
    {
        var mask = _slots.Length - 1;
        var slot = (int)Hash(key) & mask;
        // A slot holds code + 1, so that a cleared table is an empty one.
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if (_keys[_slots[slot] - 1] == key)
                return _slots[slot] - 1;
        }

        _slots[slot] = _count + 1;
        return Append(key);
    }

    private int Append(IpAddressKey key)
    {
        if (_count == _keys.Length)
            Array.Resize(ref _keys, _count * 2);
        _keys[_count++] = key;
        if (_count * 2 > _slots.Length)
            Rehash();

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key.Bits);
        Convert.TryToHexStringLower(bytes, Keys.Begin(32), out var written);
        Keys.End(written);
        return Texts.End(Format(key, Texts.Begin(MaxText)));
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        var mask = _slots.Length - 1;
        for (var code = 0; code < _count; code++)
        {
            var slot = (int)Hash(_keys[code]) & mask;
            while (_slots[slot] != 0)
                slot = (slot + 1) & mask;
            _slots[slot] = code + 1;
        }
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
            Utf8Formatter.TryFormat((byte)(key.V4 >> shift), target[at..], out var digits);
            at += digits;
            target[at++] = (byte)'.';
        }

        return at - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(IpAddressKey key)
    {
        var mixed = ((ulong)(key.Bits >> 64) * 0x9E3779B97F4A7C15UL) ^ (ulong)key.Bits;
        return (uint)((mixed * 0xD6E8FEB86659FD93UL) >> 32);
    }
}
