using System.Collections.ObjectModel;

namespace FlowLogAnalyzer.Parsing;

/// <summary>Counters by number. Most reads have nothing to count, and then there is nothing but this object.</summary>
internal sealed class RareCounts(int size)
{
    private long[]? _counts;

    public void Add(int number, long count)
    {
        if (count != 0)
            (_counts ??= new long[size])[number] += count;
    }

    /// <summary>Adds all counters of another one of the same size.</summary>
    public void Add(RareCounts other)
    {
        for (var i = 0; i < other._counts?.Length; i++)
            Add(i, other._counts[i]);
    }

    public void Clear() => _counts?.AsSpan().Clear();

    /// <summary>Those that are not 0, in order.</summary>
    public IReadOnlyDictionary<T, long> NonZero<T>(Func<int, T> key) where T : notnull
    {
        if (_counts is null)
            return ReadOnlyDictionary<T, long>.Empty;
        var found = new SortedDictionary<T, long>();
        for (var i = 0; i < size; i++)
        {
            if (_counts[i] != 0)
                found.Add(key(i), _counts[i]);
        }

        return found;
    }
}
