using System.Globalization;
using FlowLogAnalyzer.Bench;

namespace FlowLogAnalyzer.Benchmarks.Replays;

/// <summary>
/// The worst case: the benchmarks' generated logs, where one peer in ten is a random address, so that most flows are of a kind
/// of their own, and where decisions and rules are random too, so that nearly none agrees with the rules and each has to be explained.
/// </summary>
internal sealed class ScatteredLake(int tuples) : ReplayLake
{
    /// <summary>Bytes that a tuple takes in the generated logs, with its share of the record; measured.</summary>
    private const long BytesPerTuple = 71;

    private const string Vnet = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/virtualNetworks/vnet";

    public override string Name => "scattered";

    public override string Means => "generated: random peers, decisions and rules";

    protected override void Write(string folder)
    {
        var law = new LogLaw { Bytes = tuples * BytesPerTuple };
        new LogGenerator(law).Write(folder);
        var inventory = Directory.CreateDirectory(Path.Combine(folder, "inventory", "20251101T000000Z")).FullName;
        File.WriteAllText(Path.Combine(inventory, "vnet-list.json"), $$"""
            [{ "id": "{{Vnet}}", "name": "vnet", "type": "Microsoft.Network/virtualNetworks", "addressSpace": { "addressPrefixes": ["10.10.0.0/16"] },
               "subnets": [{ "id": "{{Vnet}}/subnets/snet-user", "name": "snet-user", "addressPrefix": "10.10.3.0/24", "networkSecurityGroup": { "id": "{{LogGenerator.Nsg}}" } }] }]
            """);
        File.WriteAllText(Path.Combine(inventory, "nic-list.json"), $"[{string.Join(",\n", Enumerable.Range(0, law.Nics).Select(Nic))}]");
        File.WriteAllText(Path.Combine(inventory, "nsg-list.json"), $$"""
            [{ "id": "{{LogGenerator.Nsg}}", "name": "nsg-user", "type": "Microsoft.Network/networkSecurityGroups", "securityRules": [{{string.Join(",\n", Enumerable.Range(2, LogLaw.Rules - 2).Select(Rule))}}] }]
            """);
    }

    private static string Nic(int nic) => string.Create(CultureInfo.InvariantCulture, $$"""
        { "id": "{{Vnet.Replace("virtualNetworks/vnet", "networkInterfaces", StringComparison.Ordinal)}}/nic{{nic}}", "name": "nic{{nic}}", "type": "Microsoft.Network/networkInterfaces", "macAddress": "{{LogGenerator.Mac(nic)}}",
          "ipConfigurations": [{ "privateIPAddress": "10.10.3.{{4 + nic}}", "primary": true, "subnet": { "id": "{{Vnet}}/subnets/snet-user" } }] }
        """);

    private static string Rule(int number) => string.Create(CultureInfo.InvariantCulture, $$"""
        { "name": "rule-{{number}}", "priority": {{number * 100}}, "direction": "{{(number % 2 == 0 ? "Inbound" : "Outbound")}}", "access": "Allow", "protocol": "*", "sourceAddressPrefix": "10.10.{{number}}.0/24",
          "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "{{number * 1000}}" }
        """);
}
