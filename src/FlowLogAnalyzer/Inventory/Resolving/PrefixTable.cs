using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Inventory.Resolving;

/// <summary>
/// Values by prefix: one hash table over all prefixes and the list of lengths in use, so that a look-up costs one probe
/// per length (a service tag file has about forty) however many prefixes there are.
/// </summary>
internal sealed class PrefixTable<T>
{
    private readonly Dictionary<IpPrefix, List<T>> _values = [];
    private readonly SortedSet<int> _lengths = new(Comparer<int>.Create((a, b) => b.CompareTo(a)));

    public void Add(IpPrefix prefix, T value)
    {
        if (!_values.TryGetValue(prefix, out var values))
        {
            _values[prefix] = values = [];
            _lengths.Add(prefix.Length);
        }

        values.Add(value);
    }

    /// <summary>The values of every prefix that holds the address, longest prefix first.</summary>
    public IEnumerable<(IpPrefix Prefix, T Value)> Find(IpAddressKey address)
    {
        foreach (var length in _lengths)
        {
            var prefix = new IpPrefix(IpPrefix.Mask(address.Bits, length), length);
            if (_values.TryGetValue(prefix, out var values))
                foreach (var value in values)
                    yield return (prefix, value);
        }
    }
}
