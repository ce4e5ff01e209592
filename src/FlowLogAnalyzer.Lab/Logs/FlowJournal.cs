using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Logs;

/// <summary>Turns flows into the tuples that Azure would write for them, per format.</summary>
internal sealed class FlowJournal(LogFormat format, bool statefulUserRules, LogStreams streams)
{
    private const long Grid = 300_000;
    private const int ShortFlow = 30_000;

    /// <summary>An allowed flow seen by one NIC: B, C on the NIC's grid, E at the end.</summary>
    public void Flow(LabNic nic, LogRow begin, in Volume volume)
    {
        streams.Add(nic, begin with { State = FlowState.Begin });
        if (format == LogFormat.NsgV1 || IsStateless(begin))
            return;

        var end = begin.Milliseconds + volume.Milliseconds;
        var told = new Volume(0, 0, 0, 0, 0);
        for (var tick = NextTick(begin.Milliseconds, nic); tick < end; tick += Grid)
        {
            var sofar = Share(volume, tick - begin.Milliseconds);
            streams.Add(nic, Counted(begin, tick, FlowState.Continuing, told, sofar));
            told = sofar;
        }
        streams.Add(nic, Counted(begin, end, FlowState.End, told, volume));
    }

    /// <summary>A denied flow: one tuple per SYN that was tried.</summary>
    public void Denied(LabNic nic, LogRow first, ReadOnlySpan<int> retries)
    {
        streams.Add(nic, first with { State = FlowState.Denied });
        foreach (var milliseconds in retries)
            streams.Add(nic, first with { State = FlowState.Denied, Milliseconds = first.Milliseconds + milliseconds });
    }

    /// <summary>
    /// NSG flow logs hold no state of inbound TCP flows under rules of the user, unless the VNet has a flow timeout
    /// (Azure docs, nsg-flow-logs-overview, "non-default inbound TCP rules").
    /// </summary>
    private bool IsStateless(in LogRow row) =>
        format == LogFormat.NsgV2 && !statefulUserRules && row.Direction == Direction.Inbound && row.Packet.Protocol == Packet.Tcp && row.Gate.IsUserRule;

    private static long NextTick(long begin, LabNic nic)
    {
        var offset = nic.ContinuationOffset * 1000L;
        return ((begin - offset) / Grid * Grid) + offset + Grid;
    }

    /// <summary>
    /// What a flow has carried after a time. A short one has said all by the first tick, so that its end has nothing to add:
    /// real logs show that as zeros.
    /// </summary>
    private static Volume Share(in Volume whole, long elapsed)
    {
        if (whole.Milliseconds <= ShortFlow)
            return whole;

        var outgoing = whole.PacketsOut * elapsed / whole.Milliseconds;
        var back = whole.PacketsBack * elapsed / whole.Milliseconds;
        return new Volume(0, outgoing, whole.BytesOut * outgoing / Math.Max(1, whole.PacketsOut), back, whole.BytesBack * back / Math.Max(1, whole.PacketsBack));
    }

    /// <summary>Counters are increments since the flow's tuple before.</summary>
    private static LogRow Counted(in LogRow begin, long time, FlowState state, in Volume told, in Volume now) => begin with
    {
        Milliseconds = time,
        State = state,
        PacketsOut = now.PacketsOut - told.PacketsOut,
        BytesOut = now.BytesOut - told.BytesOut,
        PacketsBack = now.PacketsBack - told.PacketsBack,
        BytesBack = now.BytesBack - told.BytesBack,
    };
}
