using System.Security.Cryptography;
using System.Text;

namespace FlowLogAnalyzer.Lab.Model;

/// <summary>Names and ARM ids of the simulated subscription; all made up, and the same in every run.</summary>
internal static class LabIds
{
    public const string Subscription = "5b1f0c1e-7a52-4c3e-9d57-2f1f6a0b9c11";
    public const string Tenant = "0f6a2c44-93c5-4ad5-8a4e-6f1f3f1f7a10";
    public const string ResourceGroup = "rg-shop";
    public const string Cluster = "aks-shop";
    public const string Location = "westeurope";
    public const string NodeResourceGroup = "MC_rg-shop_aks-shop_westeurope";
    public const string Vnet = "vnet-shop";
    public const string PoolHash = "12345678";
    public const string ManagedNsg = "aks-agentpool-12345678-nsg";
    public const string RouteTable = "aks-agentpool-12345678-routetable";
    public const string VnetFlowLog = "flowlog-vnet-shop";

    public static string Arm(string group, string type, string name) =>
        $"/subscriptions/{Subscription}/resourceGroups/{group}/providers/{type}/{name}";

    public static string Network(string type, string name) => Arm(ResourceGroup, "Microsoft.Network/" + type, name);

    public static string Nsg(string name) => Arm(NsgGroup(name), "Microsoft.Network/networkSecurityGroups", name);

    public static string NsgGroup(string name) => name == ManagedNsg ? NodeResourceGroup : ResourceGroup;

    public static string Subnet(string name) => Network("virtualNetworks", Vnet) + "/subnets/" + name;

    public static string VmssVm(string vmss, int instance) =>
        Arm(NodeResourceGroup, "Microsoft.Compute/virtualMachineScaleSets", vmss) + "/virtualMachines/" + instance;

    public static string VmssNic(string vmss, int instance) => VmssVm(vmss, instance) + "/networkInterfaces/" + vmss;

    public static string FlowLog(string name) =>
        Arm("NetworkWatcherRG", "Microsoft.Network/networkWatchers", "NetworkWatcher_" + Location) + "/flowLogs/" + name;

    /// <summary>A GUID that depends on the name only.</summary>
    public static string Guid(string name) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes("lab/" + name)).AsSpan(0, 16)).ToString();
}
