namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>Which rows of a blob were seen: a bit each, since rows are numbered from 0 within their record.</summary>
internal sealed class RowSet
{
    /// <summary>A number beyond this is no number that a log gives; it is kept on its own, so that it costs no memory.</summary>
    private const int MostBits = 1 << 20;

    private readonly Dictionary<int, ulong[]> _records = [];
    private readonly HashSet<(int Record, int Tuple)> _far = [];

    public long Rows { get; private set; }

    /// <summary>Rows that were there already.</summary>
    public long Twice { get; private set; }

    public void Add(int record, int tuple)
    {
        Rows++;
        if (tuple is < 0 or >= MostBits)
        {
            Twice += _far.Add((record, tuple)) ? 0 : 1;
            return;
        }

        var bits = Bits(record, (tuple / 64) + 1);
        var bit = 1UL << (tuple % 64);
        Twice += (bits[tuple / 64] & bit) != 0 ? 1 : 0;
        bits[tuple / 64] |= bit;
    }

    public void Add(RowSet other)
    {
        Rows += other.Rows;
        Twice += other.Twice;
        foreach (var (record, theirs) in other._records)
        {
            var bits = Bits(record, theirs.Length);
            for (var i = 0; i < theirs.Length; i++)
            {
                Twice += System.Numerics.BitOperations.PopCount(bits[i] & theirs[i]);
                bits[i] |= theirs[i];
            }
        }

        foreach (var row in other._far)
            Twice += _far.Add(row) ? 0 : 1;
    }

    private ulong[] Bits(int record, int words)
    {
        if (!_records.TryGetValue(record, out var bits))
            bits = _records[record] = new ulong[words];
        if (bits.Length < words)
        {
            Array.Resize(ref bits, Math.Max(words, bits.Length * 2));
            _records[record] = bits;
        }

        return bits;
    }
}
