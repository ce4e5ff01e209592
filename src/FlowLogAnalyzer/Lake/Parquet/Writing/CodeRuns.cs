namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>Codes of a column as runs; a code of -1 is a null. Reused between columns.</summary>
internal sealed class CodeRuns
{
    private int[] _codes = new int[256];
    private int[] _lengths = new int[256];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Codes => _codes.AsSpan(0, Count);

    public ReadOnlySpan<int> Lengths => _lengths.AsSpan(0, Count);

    public void Clear() => Count = 0;

    /// <summary>Adds a run; one of the same code as the run before becomes part of it.</summary>
    public void Add(int code, int length)
    {
        if (length == 0)
            return;
        if (Count > 0 && _codes[Count - 1] == code)
        {
            _lengths[Count - 1] += length;
            return;
        }

        if (Count == _codes.Length)
        {
            Array.Resize(ref _codes, Count * 2);
            Array.Resize(ref _lengths, Count * 2);
        }

        _codes[Count] = code;
        _lengths[Count++] = length;
    }

    /// <summary>Takes up to <paramref name="rows"/> rows off the front of <paramref name="source"/>, from a place that moves on.</summary>
    public void Take(CodeRuns source, ref (int Run, int Used) place, int rows)
    {
        Clear();
        while (rows > 0)
        {
            var take = Math.Min(rows, source._lengths[place.Run] - place.Used);
            Add(source._codes[place.Run], take);
            rows -= take;
            place = place.Used + take == source._lengths[place.Run] ? (place.Run + 1, 0) : (place.Run, place.Used + take);
        }
    }

    public void Expand(Span<int> codes)
    {
        for (var i = 0; i < Count; i++)
        {
            codes[.._lengths[i]].Fill(_codes[i]);
            codes = codes[_lengths[i]..];
        }
    }
}
