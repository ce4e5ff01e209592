namespace FlowLogAnalyzer.Flows;

/// <summary>The distinct addresses of one batch, numbered from 0: each is turned into text once, however many rows name it.</summary>
public sealed class AddressTable
{
    private const int FirstSlots = 1024;

    /// <summary>Open addressing for IPv4: the address in the upper half, its id + 1 in the lower one, 0 = free.</summary>
    private ulong[] _v4 = [];
    private int _v4Count;

    /// <summary>The IPv4 addresses by id. IPv6 is rare: its keys are kept beside.</summary>
    private uint[] _addresses = [];
    private Dictionary<IpAddressKey, int>? _v6;
    private Dictionary<int, IpAddressKey>? _v6Keys;
    private string?[] _texts = [];
    private string?[] _hex = [];

    public int Count { get; private set; }

    public int Intern(IpAddressKey key)
    {
        if (!key.IsIPv6)
            return InternIPv4(key.V4);
        _v6 ??= [];
        if (!_v6.TryGetValue(key, out var id))
        {
            _v6.Add(key, id = Append(0));
            (_v6Keys ??= []).Add(id, key);
        }

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

        var id = Append(address);
        slots[slot] = ((ulong)address << 32) | (uint)(id + 1);
        _v4Count++;
        return id;
    }

    public IpAddressKey Key(int id) => _v6Keys is not null && _v6Keys.TryGetValue(id, out var key) ? key : IpAddressKey.FromIPv4(_addresses[id]);

    public string Text(int id)
    {
        if (_texts.Length < Count)
            Array.Resize(ref _texts, _addresses.Length);
        return _texts[id] ??= Key(id).ToString();
    }

    public string Hex(int id)
    {
        if (_hex.Length < Count)
            Array.Resize(ref _hex, _addresses.Length);
        return _hex[id] ??= Key(id).ToHex();
    }

    public void Clear()
    {
        _v6 = null;
        _v6Keys = null;
        Array.Clear(_v4);
        Array.Clear(_texts);
        Array.Clear(_hex);
        (_v4Count, Count) = (0, 0);
    }

    private int Append(uint address)
    {
        if (Count == _addresses.Length)
            Array.Resize(ref _addresses, Math.Max(64, Count * 2));
        _addresses[Count] = address;
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
