namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>Protocol names of Kubernetes and Azure as IANA numbers.</summary>
internal static class IpProtocols
{
    public const int All = 0;
    public const int Tcp = 6;
    public const int Udp = 17;
    public const int Sctp = 132;

    public static int Parse(string? name) => name?.ToUpperInvariant() switch
    {
        null or "TCP" => Tcp,
        "UDP" => Udp,
        "SCTP" => Sctp,
        _ => All,
    };
}
