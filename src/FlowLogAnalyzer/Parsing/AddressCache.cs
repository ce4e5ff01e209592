using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Parsing;

/// <summary>
/// IPv4 addresses from text to their ids in a batch. Few addresses take most tuples, so a text that was seen before is
/// found by its 16 bytes and neither parsed nor checked again.
/// </summary>
internal sealed class AddressCache
{
    /// <summary>The shortest and longest text, <c>0.0.0.0</c> and <c>255.255.255.255</c>.</summary>
    private const int Shortest = 7, Longest = 15;

    private const int Bits = 11;
    private readonly Vector128<byte>[] _texts = new Vector128<byte>[1 << Bits];
    private readonly int[] _ids = new int[1 << Bits];
    private AddressTable? _table;

    private static ReadOnlySpan<byte> Mask =>
    [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>From now on ids are those of <paramref name="table"/>, which nobody clears meanwhile.</summary>
    public void Use(AddressTable table)
    {
        _table = table;
        Array.Clear(_texts);
    }

    /// <summary>The id of the address, or -1 when the text is not a plain IPv4 address. 16 bytes are read whatever the length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Id(ref byte text, int length)
    {
        if ((uint)(length - Shortest) > Longest - Shortest)
            return -1;
        var key = Vector128.LoadUnsafe(ref text) & Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(Mask), (nuint)(16 - length));
        var halves = key.AsUInt64();
        var hash = (halves[0] ^ BitOperations.RotateLeft(halves[1] * 0x9E3779B97F4A7C15UL, 23)) * 0xD6E8FEB86659FD93UL;
        var slot = (int)(hash >> (64 - Bits));
        return _texts[slot] == key ? _ids[slot] : Add(ref text, length, slot, key);
    }

    private int Add(ref byte text, int length, int slot, Vector128<byte> key)
    {
        if (!AddressText.TryParseIPv4(MemoryMarshal.CreateReadOnlySpan(ref text, length), out var address))
            return -1;
        _texts[slot] = key;
        return _ids[slot] = _table!.InternIPv4(address);
    }
}
