namespace FlowLogAnalyzer.Nsg.Space;

/// <summary>A set of ports as sorted ranges that neither overlap nor touch.</summary>
public sealed class PortSet
{
    private readonly PortRange[] _ranges;

    private PortSet(PortRange[] ranges) => _ranges = ranges;

    public static PortSet All { get; } = new([PortRange.All]);

    public IReadOnlyList<PortRange> Ranges => _ranges;

    public bool IsEmpty => _ranges.Length == 0;

    public bool IsAll => _ranges.Length == 1 && _ranges[0] == PortRange.All;

    public static PortSet Of(IEnumerable<PortRange> ranges)
    {
        var merged = new List<PortRange>();
        foreach (var range in ranges.OrderBy(r => r.First))
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1)
                merged[^1] = new PortRange(merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            else
                merged.Add(range);
        }

        return new PortSet([.. merged]);
    }

    public bool Contains(ushort port) => _ranges.Any(r => r.Contains(port));

    public PortSet Except(PortSet other)
    {
        var left = new List<PortRange>();
        foreach (var range in _ranges)
        {
            int first = range.First;
            foreach (var hole in other._ranges.Where(h => h.Last >= range.First && h.First <= range.Last))
            {
                if (hole.First > first)
                    left.Add(new PortRange((ushort)first, (ushort)(hole.First - 1)));
                first = Math.Max(first, hole.Last + 1);
            }

            if (first <= range.Last)
                left.Add(new PortRange((ushort)first, range.Last));
        }

        return new PortSet([.. left]);
    }

    public PortSet Intersect(PortSet other) => Except(Except(other));

    public override string ToString() => string.Join(',', _ranges);
}
