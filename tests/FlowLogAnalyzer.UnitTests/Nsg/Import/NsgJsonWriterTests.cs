using System.Text.Json;
using FlowLogAnalyzer.Nsg.Import;

namespace FlowLogAnalyzer.Tests.Nsg.Import;

public class NsgJsonWriterTests
{
    [Fact]
    public void What_is_written_is_read_back_equal()
    {
        var written = NsgText.Nsg(
            "nsg-user",
            "one 100 in allow Tcp VirtualNetwork > 10.10.2.100/32|80,443",
            "two 110 out deny * 10.0.0.0/24,10.0.1.0/24|1-2 > Internet",
            "three 120 in deny Icmp asg:/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/applicationSecurityGroups/web > *") with
        {
            Id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg-user",
            ResourceGuid = "00000000-0000-0000-0000-000000000001",
            Location = "westeurope",
            FlushConnection = true,
            Subnets = ["/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/snet-user"],
            Nics = ["/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkInterfaces/nic"],
        };

        var read = NsgJson.Read(JsonDocument.Parse(NsgJsonWriter.ToUtf8([written])).RootElement, "x");

        Assert.Empty(read.Notes);
        Assert.Equal(written, Assert.Single(read.Nsgs));
    }

    [Fact]
    public void Every_imported_sample_survives_writing()
    {
        foreach (var name in new[] { "custodian_nsg_icmp.json", "bicep.json", "terraform-plan.json", "powershell.json" })
        {
            var first = NsgJsonTests.Read(name).Nsgs;
            var second = NsgJson.Read(JsonDocument.Parse(NsgJsonWriter.ToUtf8(first)).RootElement, name).Nsgs;
            Assert.Equal(first, second);
        }
    }

    [Fact]
    public void Has_the_shape_that_az_writes()
    {
        var json = JsonDocument.Parse(NsgJsonWriter.ToUtf8([NsgText.Nsg("n", "a 100 in allow Tcp * > 10.0.0.4|80,443")])).RootElement;

        var rule = json[0].GetProperty("securityRules")[0];
        Assert.Equal("Allow", rule.GetProperty("access").GetString());
        Assert.Equal("10.0.0.4", rule.GetProperty("destinationAddressPrefix").GetString());
        Assert.Equal(JsonValueKind.Null, rule.GetProperty("destinationPortRange").ValueKind);
        Assert.Equal(2, rule.GetProperty("destinationPortRanges").GetArrayLength());
        Assert.Equal(6, json[0].GetProperty("defaultSecurityRules").GetArrayLength());
    }
}
