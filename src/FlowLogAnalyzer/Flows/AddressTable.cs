namespace FlowLogAnalyzer.Flows;

/// <summary>The distinct addresses of one batch, numbered from 0: each is turned into text once, however many rows name it.</summary>
public sealed class AddressTable
{
    private const int FirstSlots = 1024;

    /// <summary>Open addressing for IPv4: the address in the upper half, its id + 1 in the lower one, 0 = free.</summary>
    private ulong[] _v4 = [];
    private int _v4Count;
    private Dictionary<IpAddressKey, int>? _v6;
    private IpAddressKey[] _keys = [];
    private string?[] _texts = [];
    private string?[] _hex = [];

    public int Count { get; private set; }

    public int Intern(IpAddressKey key)
    {
        if (!key.IsIPv6)
            return InternIPv4(key.V4);
        _v6 ??= [];
        if (!_v6.TryGetValue(key, out var id))
            _v6.Add(key, id = Append(key));
        return id;
    }

    /// <summary>As <see cref="Intern"/>, for the address as a number.</summary>
    public int InternIPv4(uint address)
    {
        // At most half of the slots are taken.
        if (_v4Count * 2 >= _v4.Length)
            Grow();
        var slots = _v4;
        var slot = Slot(address, slots.Length);
        for (; slots[slot] != 0; slot = (slot + 1) & (slots.Length - 1))
        {
            if ((uint)(slots[slot] >> 32) == address)
                return (int)slots[slot] - 1;
        }

        var id = Append(IpAddressKey.FromIPv4(address));
        slots[slot] = ((ulong)address << 32) | (uint)(id + 1);
        _v4Count++;
        return id;
    }

    public IpAddressKey Key(int id) => _keys[id];

    public ReadOnlySpan<IpAddressKey> Keys => _keys.AsSpan(0, Count);

    public string Text(int id)
    {
        if (_texts.Length < Count)
            Array.Resize(ref _texts, _keys.Length);
        return _texts[id] ??= _keys[id].ToString();
    }

    public string Hex(int id)
    {
        if (_hex.Length < Count)
            Array.Resize(ref _hex, _keys.Length);
        return _hex[id] ??= _keys[id].ToHex();
    }

    public void Clear()
    {
        _v6 = null;
        Array.Clear(_v4);
        Array.Clear(_texts);
        Array.Clear(_hex);
        (_v4Count, Count) = (0, 0);
    }

    private int Append(IpAddressKey key)
    {
        if (Count == _keys.Length)
            Array.Resize(ref _keys, Math.Max(64, Count * 2));
        _keys[Count] = key;
        return Count++;
    }

    private void Grow()
    {
        var old = _v4;
        _v4 = new ulong[Math.Max(FirstSlots, old.Length * 2)];
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
}
