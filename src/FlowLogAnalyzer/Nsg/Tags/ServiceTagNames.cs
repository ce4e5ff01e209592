namespace FlowLogAnalyzer.Nsg.Tags;

/// <summary>Service tags whose meaning depends on the network, not on the downloadable file (Azure docs, service-tags-overview).</summary>
public static class ServiceTagNames
{
    public const string VirtualNetwork = "VirtualNetwork";
    public const string AzureLoadBalancer = "AzureLoadBalancer";
    public const string Internet = "Internet";
    public const string AzurePlatformDns = "AzurePlatformDNS";
    public const string AzurePlatformImds = "AzurePlatformIMDS";
    public const string AzurePlatformLkm = "AzurePlatformLKM";

    /// <summary>Only these tags reach the platform's own services.</summary>
    public static bool IsPlatform(string name) => name.StartsWith("AzurePlatform", StringComparison.OrdinalIgnoreCase);

    /// <summary>The spellings of "any address, both families".</summary>
    public static bool IsAny(string prefix) => prefix is "*" || prefix.Equals("Any", StringComparison.OrdinalIgnoreCase);

    /// <summary>Names as exports of old API versions write them (VIRTUAL_NETWORK, INTERNET, AZURE_LOADBALANCER).</summary>
    public static string Canonical(string name) => name.ToUpperInvariant() switch
    {
        "VIRTUALNETWORK" or "VIRTUAL_NETWORK" => VirtualNetwork,
        "AZURELOADBALANCER" or "AZURE_LOADBALANCER" => AzureLoadBalancer,
        "INTERNET" => Internet,
        "AZUREPLATFORMDNS" => AzurePlatformDns,
        "AZUREPLATFORMIMDS" => AzurePlatformImds,
        "AZUREPLATFORMLKM" => AzurePlatformLkm,
        _ => name,
    };
}
