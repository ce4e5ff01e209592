namespace FlowLogAnalyzer.Flows;

/// <summary>The distinct addresses of one batch: each is turned into text once, however many rows name it.</summary>
public sealed class AddressTable
{
    private readonly Dictionary<IpAddressKey, int> _ids = [];
    private readonly List<IpAddressKey> _keys = [];
    private readonly List<string> _texts = [];
    private readonly List<string> _hex = [];

    public int Count => _keys.Count;

    public int Intern(IpAddressKey key)
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

    public IpAddressKey Key(int id) => _keys[id];

    public string Text(int id) => _texts[id];

    public string Hex(int id) => _hex[id];

    public void Clear()
    {
        _ids.Clear();
        _keys.Clear();
        _texts.Clear();
        _hex.Clear();
    }
}
