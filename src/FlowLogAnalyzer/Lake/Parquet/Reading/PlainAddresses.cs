using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

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
        var flags = QualityFlags.None;
        if (!AddressText.TryParse(text, out var key, ref flags) || (key.IsIPv6 && !Ascii.Equals(text, key.ToString())))
            throw new DamageException($"'{Encoding.UTF8.GetString(text)}' is no address as the lake writes it");
        _keys.Add(key);
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
