using System.Globalization;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lab.Model;

/// <summary>The ranges of the simulated network.</summary>
internal sealed class AddressPlan(LabCni cni)
{
    public const string Vnet = "10.10.0.0/16";
    public const string PodCidr = "10.244.0.0/16";
    public const string ServiceCidr = "10.0.0.0/16";
    public const string Frontend = "10.10.2.100";
    public const string ClientSubnet = "snet-clients";

    /// <summary>The platform's address that probes come from (Azure docs, what-is-ip-address-168-63-129-16).</summary>
    public const string Platform = "168.63.129.16";

    /// <summary>The API server's public address. Documentation ranges (RFC 5737) would not do: the tag Internet leaves them out.</summary>
    public const string ApiServer = "20.76.11.12";

    /// <summary>The pools' subnets, then the clients'.</summary>
    public static readonly IReadOnlyList<string> Roles = ["system", "ingress", "user"];

    public LabCni Cni => cni;

    public bool FlatPods => cni == LabCni.NodeSubnet;

    public static string SubnetOf(string role) => "snet-" + role;

    public static string NsgOf(string role) => "nsg-" + role;

    public static string Prefix(string role) => role switch
    {
        "system" => "10.10.1.0/24",
        "ingress" => "10.10.2.0/24",
        "user" => "10.10.3.0/24",
        "clients" => "10.10.4.0/24",
        _ => throw new ArgumentException($"The lab has no subnet for the role '{role}'.", nameof(role)),
    };

    public static string[] NodePrefixes => [.. Roles.Select(Prefix)];

    /// <summary>Where the pods of a role's nodes have their addresses, as a rule would name it.</summary>
    public string PodRange(string role) => FlatPods ? Prefix(role) : PodCidr;

    /// <summary>Every range that pods and nodes send from.</summary>
    public string[] ClusterRanges => FlatPods ? NodePrefixes : [.. NodePrefixes, PodCidr];

    public static uint Address(string text) =>
        IpAddressKey.TryParse(text, out var key) ? key.V4 : throw new ArgumentException($"'{text}' is not an IPv4 address.", nameof(text));

    public static string Text(uint address) => IpAddressKey.FromIPv4(address).ToString();

    /// <summary>The n-th host of a role's subnet, from .4 on (Azure keeps the first four), past the frontend's address.</summary>
    public static uint Host(string role, int index)
    {
        var last = 4 + index;
        return Network(Prefix(role)) + (uint)(last >= 100 ? last + 1 : last);
    }

    public static uint Network(string prefix) => Address(prefix[..prefix.IndexOf('/', StringComparison.Ordinal)]);

    public static uint PodNetwork(int nodeNumber) => Address("10.244.0.0") + ((uint)nodeNumber << 8);

    public static string PodPrefix(int nodeNumber) => string.Create(CultureInfo.InvariantCulture, $"10.244.{nodeNumber}.0/24");
}
