namespace FlowLogAnalyzer.Flows;

/// <summary>One tuple on its way into a <see cref="TupleBatch"/>; -1 stands for "not given" in ports, protocol and counters.</summary>
public struct TupleValues
{
    public long TimeMs;
    public IpAddressKey Source;
    public IpAddressKey Destination;
    public int SourcePort;
    public int DestinationPort;
    public short Protocol;
    public Direction Direction;
    public Decision Decision;
    public FlowState State;
    public string? Encryption;
    public long PacketsSent;
    public long BytesSent;
    public long PacketsReceived;
    public long BytesReceived;
    public QualityFlags Flags;

    /// <summary>Unknown codes as <c>field=text</c> joined by <c>;</c>, or null.</summary>
    public string? Other;
}
