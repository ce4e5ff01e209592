namespace FlowLogAnalyzer.Flows;

/// <summary>The distinct addresses of one batch: each is turned into text once, however many rows name it.</summary>
public sealed class AddressTable
{
    private const int RecentBits = 9;

    private readonly Dictionary<IpAddressKey, int> _ids = [];

    /// <summary>Ids + 1 by a few bits of the address: neighbouring rows name the same addresses, and this is the hot path.</summary>
    private (UInt128 Bits, bool IsIPv6, int IdPlusOne)[]? _recent;
    private readonly List<IpAddressKey> _keys = [];
    private readonly List<string> _texts = [];
    private readonly List<string> _hex = [];

    public int Count => _keys.Count;

    public int Intern(IpAddressKey key)
    {
        var mixed = ((ulong)key.Bits ^ (ulong)(key.Bits >> 64)) * 0x9E3779B97F4A7C15;
        ref var recent = ref (_recent ??= new (UInt128, bool, int)[1 << RecentBits])[(int)(mixed >> (64 - RecentBits))];
        if (recent.IdPlusOne != 0 && recent.Bits == key.Bits && recent.IsIPv6 == key.IsIPv6)
            return recent.IdPlusOne - 1;

        var id = FindOrAdd(key);
        recent = (key.Bits, key.IsIPv6, id + 1);
        return id;
    }

    public IpAddressKey Key(int id) => _keys[id];

    public string Text(int id) => _texts[id];

    public string Hex(int id) => _hex[id];

    public void Clear()
    {
        _ids.Clear();
        _keys.Clear();
        _texts.Clear();
        _hex.Clear();
        _recent = null;
    }

    /// <summary>Gives back what only speeds up adding more.</summary>
    public void Trim() => _recent = null;

    private int FindOrAdd(IpAddressKey key)
    {
        if (_ids.TryGetValue(key, out var id))
            return id;

        id = _keys.Count;
        _ids.Add(key, id);
        _keys.Add(key);
        _texts.Add(key.ToString());
        _hex.Add(key.ToHex());
        return id;
    }
}
