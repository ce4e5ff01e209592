using FlowLogAnalyzer.Lab.Logs;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Simulation;

/// <summary>Sizes and lengths of ordinary flows.</summary>
internal sealed class TrafficShape(LabRandom random)
{
    /// <summary>A request of a few seconds; three in a hundred stay open for minutes.</summary>
    public Volume Request()
    {
        var isLong = random.Unit() < 0.03;
        var seconds = isLong ? random.Between(60, 900) : 0.2 + random.Exponential(2);
        return Sized(seconds, packetsPerSecond: isLong ? 2 : 6);
    }

    public Volume Short(double seconds) => Sized(seconds, packetsPerSecond: 3);

    public Volume Long(double minutes) => Sized(minutes * 60, packetsPerSecond: 0.4);

    /// <summary>One question, one answer; the platform notices the end of a UDP flow by its silence.</summary>
    public Volume Datagram() => new((int)(random.Between(2, 20) * 1000), 1, 70 + random.Below(60), 1, 90 + random.Below(200));

    private Volume Sized(double seconds, double packetsPerSecond)
    {
        var outgoing = 4 + (long)(seconds * packetsPerSecond * random.Between(0.5, 1.5));
        var back = 3 + (long)(outgoing * random.Between(0.8, 1.6));
        return new Volume((int)(seconds * 1000), outgoing, outgoing * (66 + random.Below(300)), back, back * (66 + random.Below(1200)));
    }
}
