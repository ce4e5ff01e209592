using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab.Logs;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Simulation;

/// <summary>A packet's way between two NICs with what the rules at each end say; a null NIC is outside of what is logged.</summary>
internal readonly record struct Passage(Packet Packet, LabNic? From, LabNic? To, GateResult Out, GateResult In)
{
    /// <summary>Traffic within one node never meets a NIC.</summary>
    public bool IsLocal => From is not null && ReferenceEquals(From, To);

    public bool Arrives => IsLocal || ((From is null || Out.Allowed) && (To is null || In.Allowed));
}

/// <summary>Sends flows between NICs: asks the rules at both ends, and writes what each NIC would log.</summary>
internal sealed class Wire(NsgGate gate, FlowJournal journal)
{
    /// <summary>Milliseconds after the first SYN at which a sender tries again: doubling from one second (RFC 6298).</summary>
    public static ReadOnlySpan<int> ClientRetries => [1_000, 3_000, 7_000];

    /// <summary>A probe gives up at the end of its interval of five seconds.</summary>
    public static ReadOnlySpan<int> ProbeRetries => [1_000, 3_000];

    /// <summary>Asks the rules; logs nothing.</summary>
    public Passage Check(in Packet packet, LabNic? from, LabNic? to)
    {
        if (from is not null && ReferenceEquals(from, to))
            return new Passage(packet, from, to, default, default);

        var outgoing = from is null ? default : gate.Decide(from, Direction.Outbound, packet);
        var incoming = to is null ? default : gate.Decide(to, Direction.Inbound, packet);
        return new Passage(packet, from, to, outgoing, incoming);
    }

    /// <summary>
    /// Writes the passage as both NICs log it. A refusal at the destination still leaves an allowed flow at the source,
    /// which only carried SYNs; every SYN that is refused is a tuple of its own.
    /// </summary>
    public void Log(long time, in Passage way, in Volume volume, ReadOnlySpan<int> retries)
    {
        if (way.IsLocal)
            return;

        if (way.From is { } from)
        {
            var row = new LogRow(time, way.Out, way.Packet, Direction.Outbound, FlowState.Begin);
            if (!way.Out.Allowed)
            {
                journal.Denied(from, row, retries);
                return;
            }
            journal.Flow(from, row, way.Arrives ? volume : Volume.Unanswered(1 + retries.Length));
        }

        if (way.To is { } to)
        {
            // One millisecond on the way.
            var row = new LogRow(time + 1, way.In, way.Packet, Direction.Inbound, FlowState.Begin);
            if (way.In.Allowed)
                journal.Flow(to, row, volume);
            else
                journal.Denied(to, row, retries);
        }
    }

    /// <summary>Checks and logs in one go.</summary>
    public bool Send(long time, in Packet packet, LabNic? from, LabNic? to, in Volume volume)
    {
        var way = Check(packet, from, to);
        Log(time, way, volume, packet.Protocol == Packet.Tcp ? ClientRetries : default);
        return way.Arrives;
    }
}
