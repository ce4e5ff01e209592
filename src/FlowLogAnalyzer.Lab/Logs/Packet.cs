using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lab.Logs;

/// <summary>The 5-tuple of a flow.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Packet(uint Source, uint Destination, int SourcePort, int DestinationPort, byte Protocol)
{
    public const byte Tcp = 6;
    public const byte Udp = 17;

    public ulong Hash() =>
        Model.LabRandom.Mix(((ulong)Source << 32 | Destination) ^ Model.LabRandom.Mix(((ulong)SourcePort << 24) | ((ulong)DestinationPort << 8) | Protocol));
}

/// <summary>How long a flow lasts and what it carries until its end; bytes count headers.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Volume(int Milliseconds, long PacketsOut, long BytesOut, long PacketsBack, long BytesBack)
{
    /// <summary>Connection attempts without an answer: SYNs of 66 bytes, given up after a while.</summary>
    public static Volume Unanswered(int syns) => new(21_000, syns, 66L * syns, 0, 0);

    /// <summary>A bare connect and close, as a TCP probe or a scan makes it.</summary>
    public static readonly Volume Touch = new(2_000, 4, 248, 3, 194);
}

/// <summary>What one NIC's rules said; <paramref name="Rule"/> is spelled as in logs, with its prefix.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GateResult(Decision Decision, string Nsg, string Rule)
{
    public bool Allowed => Decision == Decision.Allow;

    public bool IsUserRule => Rule.StartsWith("UserRule_", StringComparison.Ordinal);
}

/// <summary>One tuple before it is text. Counters are meaningful for C and E.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LogRow(long Milliseconds, GateResult Gate, Packet Packet, Direction Direction, FlowState State)
{
    public long PacketsOut { get; init; }

    public long BytesOut { get; init; }

    public long PacketsBack { get; init; }

    public long BytesBack { get; init; }
}
