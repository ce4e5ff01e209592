namespace FlowLogAnalyzer.Lab.Simulation;

/// <summary>Source ports of one address: in scattered order, and none twice before all were used.</summary>
internal sealed class PortPool(int low, int high, ulong seed)
{
    /// <summary>Prime, so that it visits every port of a range that it does not divide.</summary>
    private const ulong Step = 9_973;

    private readonly ulong _size = (ulong)(high - low + 1);
    private ulong _used;

    /// <summary>The range of Linux (net.ipv4.ip_local_port_range).</summary>
    public static PortPool Linux(ulong seed) => new(32_768, 60_999, seed);

    /// <summary>The range of Windows hosts and of the dynamic ports of IANA (RFC 6335).</summary>
    public static PortPool Dynamic(ulong seed) => new(49_152, 65_535, seed);

    public int Next() => low + (int)(((seed % _size) + (_used++ * Step)) % _size);
}
