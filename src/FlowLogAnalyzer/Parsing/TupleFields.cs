namespace FlowLogAnalyzer.Parsing;

/// <summary>A tuple's text cut at its commas, spaces taken off: the first 13 fields, and how many there are in all.</summary>
internal ref struct TupleFields
{
    public const int Known = 13;

    private readonly ReadOnlySpan<byte> _text;
    private readonly Span<int> _ends;

    /// <param name="text">The whole tuple.</param>
    /// <param name="ends">Scratch for <see cref="Known"/> numbers.</param>
    public TupleFields(ReadOnlySpan<byte> text, Span<int> ends)
    {
        _text = text;
        _ends = ends;
        var start = 0;
        while (true)
        {
            var comma = text[start..].IndexOf((byte)',');
            var end = comma < 0 ? text.Length : start + comma;
            if (Count < Known)
                ends[Count] = end;
            Count++;
            Inspect(text[start..end]);
            if (comma < 0)
                return;
            start = end + 1;
        }
    }

    public int Count { get; private set; }

    /// <summary>Number of fields up to the last one that is not empty.</summary>
    public int ContentCount { get; private set; }

    public bool HasSpaces { get; private set; }

    public readonly ReadOnlySpan<byte> this[int index] => _text[(index == 0 ? 0 : _ends[index - 1] + 1).._ends[index]].Trim((byte)' ');

    private void Inspect(ReadOnlySpan<byte> field)
    {
        if (field.IsEmpty)
            return;
        HasSpaces |= field[0] == ' ' || field[^1] == ' ';
        if (field.ContainsAnyExcept((byte)' '))
            ContentCount = Count;
    }
}
