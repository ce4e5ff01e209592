using System.Numerics;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Nsg.Evaluation;

/// <summary>
/// One field of the flow cut into intervals in which the answer of every rule is the same. <c>starts</c> are
/// ascending and begin at the smallest value, so a binary search finds the row of any value.
/// </summary>
internal sealed class Dimension<T>(T[] starts, BitRows rows)
    where T : unmanaged, IComparisonOperators<T, T, bool>
{
    public BitRows Rows => rows;

    /// <summary>Offset of the first word of the row for a value.</summary>
    public int Offset(T value)
    {
        var all = starts;
        int low = 0, high = all.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            if (all[middle] <= value)
                low = middle;
            else
                high = middle - 1;
        }

        return low * rows.Words;
    }
}

internal static class Dimension
{
    public static Dimension<uint> IPv4(IReadOnlyList<ResolvedSide> sides)
    {
        var starts = new SortedSet<uint> { 0 };
        foreach (var range in Ranges(sides, isIPv6: false))
        {
            starts.Add(range.First.V4);
            if (range.Last.V4 != uint.MaxValue)
                starts.Add(range.Last.V4 + 1);
        }

        return Build([.. starts], sides, IpAddressKey.FromIPv4);
    }

    public static Dimension<UInt128> IPv6(IReadOnlyList<ResolvedSide> sides)
    {
        var starts = new SortedSet<UInt128> { UInt128.Zero };
        foreach (var range in Ranges(sides, isIPv6: true))
        {
            starts.Add(range.First.Bits);
            if (range.Last.Bits != UInt128.MaxValue)
                starts.Add(range.Last.Bits + 1);
        }

        return Build([.. starts], sides, IpAddressKey.FromIPv6);
    }

    public static Dimension<ushort> Ports(IReadOnlyList<ResolvedPorts> sides)
    {
        var starts = new SortedSet<ushort> { 0 };
        foreach (var range in sides.SelectMany(s => s.Ranges))
        {
            starts.Add(range.First);
            if (range.Last != ushort.MaxValue)
                starts.Add((ushort)(range.Last + 1));
        }

        var rows = new BitRows(sides.Count);
        foreach (var start in starts)
            rows.Add(rule => (sides[rule].Contains(start), sides[rule].Unknown.Count > 0));
        return new Dimension<ushort>([.. starts], rows.Seal());
    }

    private static IEnumerable<AddressRange> Ranges(IReadOnlyList<ResolvedSide> sides, bool isIPv6) =>
        sides.SelectMany(s => s.Certain.Ranges).Where(r => r.IsIPv6 == isIPv6);

    private static Dimension<T> Build<T>(T[] starts, IReadOnlyList<ResolvedSide> sides, Func<T, IpAddressKey> key)
        where T : unmanaged, IComparisonOperators<T, T, bool>
    {
        var rows = new BitRows(sides.Count);
        foreach (var start in starts)
        {
            var address = key(start);
            rows.Add(rule => (sides[rule].Certain.Contains(address), sides[rule].Unknown.Count > 0));
        }

        return new Dimension<T>(starts, rows.Seal());
    }
}
