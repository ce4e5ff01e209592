namespace FlowLogAnalyzer.Nsg.Evaluation;

/// <summary>
/// Rows of bits, one bit per rule in the order of priority: which rules match for sure, and which may match
/// (a superset: those plus the undecidable ones).
/// </summary>
internal sealed class BitRows(int rules)
{
    private readonly List<ulong> _sure = [];
    private readonly List<ulong> _may = [];

    public int Words { get; } = Math.Max(1, (rules + 63) / 64);

    public ulong[] Sure { get; private set; } = [];

    public ulong[] May { get; private set; } = [];

    /// <summary>Adds a row; the answer per rule is (matches for sure, may match).</summary>
    public void Add(Func<int, (bool Sure, bool May)> match)
    {
        Span<ulong> sure = stackalloc ulong[Words];
        Span<ulong> may = stackalloc ulong[Words];
        for (var rule = 0; rule < rules; rule++)
        {
            var answer = match(rule);
            if (answer.Sure)
                sure[rule >> 6] |= 1UL << (rule & 63);
            if (answer.Sure || answer.May)
                may[rule >> 6] |= 1UL << (rule & 63);
        }

        _sure.AddRange(sure);
        _may.AddRange(may);
    }

    public BitRows Seal()
    {
        Sure = [.. _sure];
        May = [.. _may];
        return this;
    }
}
