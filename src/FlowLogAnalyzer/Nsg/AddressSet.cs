using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Nsg;

/// <summary>A set of addresses of both families as sorted ranges that neither overlap nor touch.</summary>
public sealed class AddressSet
{
    private readonly AddressRange[] _ranges;

    private AddressSet(AddressRange[] ranges) => _ranges = ranges;

    public static AddressSet Empty { get; } = new([]);

    public static AddressSet All { get; } = new([AddressRange.AllIPv4, AddressRange.AllIPv6]);

    /// <summary>IPv4 first, then IPv6, each ascending.</summary>
    public IReadOnlyList<AddressRange> Ranges => _ranges;

    public bool IsEmpty => _ranges.Length == 0;

    public static AddressSet Of(IEnumerable<AddressRange> ranges)
    {
        var sorted = ranges.OrderBy(r => r.IsIPv6).ThenBy(r => r.First.Bits).ToArray();
        var merged = new List<AddressRange>(sorted.Length);
        foreach (var range in sorted)
        {
            if (merged.Count > 0 && Touches(merged[^1], range))
                merged[^1] = range.Last.Bits > merged[^1].Last.Bits ? merged[^1] with { Last = range.Last } : merged[^1];
            else
                merged.Add(range);
        }

        return new AddressSet([.. merged]);
    }

    /// <summary>Of textual prefixes; a text that is no prefix is a caller's bug (importers keep tags apart).</summary>
    public static AddressSet Parse(params IEnumerable<string> prefixes) =>
        Of(prefixes.Select(p => AddressRange.TryParse(p, out var range) ? range : throw new ArgumentException($"'{p}' is not an address prefix.", nameof(prefixes))));

    public bool Contains(IpAddressKey address)
    {
        int low = 0, high = _ranges.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var range = _ranges[middle];
            if (range.Contains(address))
                return true;
            if (IsBefore(range, address))
                low = middle + 1;
            else
                high = middle - 1;
        }

        return false;
    }

    public AddressSet Union(AddressSet other) => Of(_ranges.Concat(other._ranges));

    public AddressSet Except(AddressSet other)
    {
        var left = new List<AddressRange>();
        var hole = 0;
        foreach (var range in _ranges)
        {
            // Both lists ascend, so holes before this range are before all later ones too: one pass over each.
            while (hole < other._ranges.Length && IsBefore(other._ranges[hole], range.First))
                hole++;
            Subtract(range, other._ranges.AsSpan(hole), left);
        }

        return new AddressSet([.. left]);
    }

    public AddressSet Intersect(AddressSet other) => Except(Except(other));

    /// <summary>True when every address of <paramref name="other"/> is in this set.</summary>
    public bool Covers(AddressSet other) => other.Except(this).IsEmpty;

    public override string ToString() => string.Join(", ", _ranges);

    private static void Subtract(AddressRange range, ReadOnlySpan<AddressRange> holes, List<AddressRange> left)
    {
        var first = range.First.Bits;
        foreach (var hole in holes)
        {
            if (hole.IsIPv6 != range.IsIPv6 || hole.First.Bits > range.Last.Bits)
                break;
            if (hole.First.Bits > first)
                left.Add(new AddressRange(Key(first, range), Key(hole.First.Bits - 1, range)));
            if (hole.Last.Bits >= range.Last.Bits)
                return;
            first = hole.Last.Bits + 1;
        }

        left.Add(new AddressRange(Key(first, range), range.Last));
    }

    private static IpAddressKey Key(UInt128 bits, AddressRange like) => new(bits, like.IsIPv6);

    private static bool IsBefore(AddressRange range, IpAddressKey address) =>
        range.IsIPv6 == address.IsIPv6 ? range.Last.Bits < address.Bits : !range.IsIPv6;

    private static bool Touches(AddressRange earlier, AddressRange later) =>
        earlier.IsIPv6 == later.IsIPv6 && (earlier.Last.Bits == UInt128.MaxValue || later.First.Bits <= earlier.Last.Bits + 1);
}
