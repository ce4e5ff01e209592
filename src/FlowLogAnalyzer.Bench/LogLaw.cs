using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Bench;

/// <summary>
/// What generated logs look like: busy nodes of a cluster, a record per NIC and minute with 10 to 2000 tuples along a
/// daily curve, eight rules, peers by Zipf's law and one in ten from the whole internet, one tuple in ten denied, 42 of
/// 100 in state B without counters.
/// </summary>
public sealed record LogLaw
{
    public const int Rules = 8;
    public const int RecordsPerBlob = 60;

    /// <summary>Bytes of a blob on average, in the long run.</summary>
    public const long MeanBlobBytes = 2_100_000;

    public int Seed { get; init; } = 1;

    /// <summary>NSG logs of version 2, or VNet logs: these have milliseconds, protocols as numbers and counters of 0.</summary>
    public LogFormat Format { get; init; } = LogFormat.NsgV2;

    public int Nics { get; init; } = 20;

    /// <summary>About how many bytes to write in all; the hours follow from it.</summary>
    public long Bytes { get; init; } = 100_000_000;

    /// <summary>
    /// True: the direction and decision of a tuple are those of its rule, as in Azure, where a rule has one of each (Azure docs,
    /// network-security-groups-overview). False: any tuple of a rule goes any way, which is harder to store.
    /// </summary>
    public bool RulesDecide { get; init; }

    public int Hours => (int)Math.Max(1, (Bytes + (Nics * MeanBlobBytes / 2)) / (Nics * MeanBlobBytes));

    /// <summary>Tuples of a record: NICs differ by a factor, the day by a curve, minutes by chance.</summary>
    public int Tuples(int nic, int hour, Random random)
    {
        var weight = 0.25 + (1.5 * ((nic * 7) % Nics) / Nics);
        var day = 1 + (0.8 * Math.Sin(hour * Math.PI / 12));
        return (int)Math.Clamp(520 * weight * day * (0.7 + (0.6 * random.NextDouble())), 10, 2000);
    }

    /// <summary>How many of the tuples of a record are under a rule.</summary>
    internal int TuplesOf(int rule, int count) => RulesDecide
        ? (int)(RuleWay.TuplesBefore(rule + 1, count) - RuleWay.TuplesBefore(rule, count))
        : (count / Rules) + (rule < count % Rules ? 1 : 0);

    internal RuleWay? WayOf(int rule) => RulesDecide ? RuleWay.Of(rule) : null;
}
