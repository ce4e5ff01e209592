using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>
/// Source or destination: the text that the address is read from, and the sort key, which has to be the same address. The
/// encoder mostly gives both the same pages, and then only the entries of the dictionaries are compared.
/// </summary>
internal sealed class AddressColumns
{
    private readonly PlainAddresses _addresses = new();
    private readonly PlainAddressKeys _keys = new();
    private readonly CodeColumn _addressCodes;
    private readonly CodeColumn _keyCodes;
    private uint[] _codeOf = [];

    public AddressColumns() => (_addressCodes, _keyCodes) = (new CodeColumn(_addresses), new CodeColumn(_keys));

    /// <summary>Each row's code in the table.</summary>
    public void Read(RowGroupBytes group, FileColumn text, FileColumn key, AddressTable table, Span<uint> target)
    {
        group.Read(text, _addressCodes);
        if (group.HaveSamePages(text, key))
            CompareEntries(group, key);
        else
            CompareRows(group, key);

        if (_codeOf.Length < _addresses.Count)
            _codeOf = new uint[_addresses.Count * 2];
        for (var i = 0; i < _addresses.Count; i++)
            _codeOf[i] = table.Code(_addresses.Keys[i]);
        var codes = _addressCodes.Codes;
        for (var i = 0; i < codes.Length; i++)
            target[i] = _codeOf[codes[i]];
    }

    private void CompareEntries(RowGroupBytes group, FileColumn key)
    {
        group.ReadDictionary(key, _keyCodes);
        DamageException.Unless(_keys.Count == _addresses.Count, $"there are {_keys.Count} keys of {_addresses.Count} addresses");
        for (var i = 0; i < _keys.Count; i++)
            Compare(_addresses.Keys[i], _keys.Bits[i]);
    }

    private void CompareRows(RowGroupBytes group, FileColumn key)
    {
        group.Read(key, _keyCodes);
        var addresses = _addressCodes.Codes;
        var keys = _keyCodes.Codes;
        for (var i = 0; i < keys.Length; i++)
            Compare(_addresses.Keys[addresses[i]], _keys.Bits[keys[i]]);
    }

    private static void Compare(IpAddressKey address, UInt128 key)
    {
        if (address.Bits != key)
            throw new DamageException($"the key {key:x32} is not that of the address {address}");
    }
}
