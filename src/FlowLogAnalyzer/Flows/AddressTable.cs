namespace FlowLogAnalyzer.Flows;

/// <summary>
/// Addresses of one batch as codes of 32 bits. A plain IPv4 address is its own code, so nothing is looked up for it. All
/// else (IPv6, and 240.0.0.0/4, which is reserved: RFC 1112 section 4) is numbered, and the codes from 240.0.0.0 on are
/// those numbers.
/// </summary>
public sealed class AddressTable
{
    /// <summary>The first code that is a number and no address.</summary>
    public const uint FirstNumber = 0xF000_0000;

    private readonly Dictionary<IpAddressKey, uint> _codes = [];
    private readonly List<IpAddressKey> _numbered = [];
    private readonly Dictionary<uint, string> _texts = [];
    private readonly Dictionary<uint, string> _hex = [];

    /// <summary>How many addresses had to be numbered.</summary>
    public int Numbered => _numbered.Count;

    public uint Code(IpAddressKey key)
    {
        if (!key.IsIPv6 && key.V4 < FirstNumber)
            return key.V4;
        if (_codes.TryGetValue(key, out var code))
            return code;
        code = FirstNumber + (uint)_numbered.Count;
        _numbered.Add(key);
        _codes.Add(key, code);
        return code;
    }

    public IpAddressKey Key(uint code) => code < FirstNumber ? IpAddressKey.FromIPv4(code) : _numbered[(int)(code - FirstNumber)];

    /// <summary>Canonical text; one string per address.</summary>
    public string Text(uint code) => _texts.TryGetValue(code, out var text) ? text : _texts[code] = Key(code).ToString();

    /// <summary>The sort key (<see cref="IpAddressKey.ToHex"/>); one string per address.</summary>
    public string Hex(uint code) => _hex.TryGetValue(code, out var hex) ? hex : _hex[code] = Key(code).ToHex();

    public void Clear()
    {
        _codes.Clear();
        _numbered.Clear();
        _texts.Clear();
        _hex.Clear();
    }
}
