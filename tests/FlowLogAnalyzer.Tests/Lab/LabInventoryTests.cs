using System.Text.Json;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab;

namespace FlowLogAnalyzer.Tests.Lab;

public class LabInventoryTests
{
    [Fact]
    public void The_story_exports_the_inventory_at_every_change_of_the_rules()
    {
        using var lab = new LabFolder("story");

        Assert.Equal(["20261116T090000Z", "20261116T092000Z", "20261116T094000Z"], lab.Truth.Inventory);
        Assert.Equal([false, true, true], lab.Truth.Inventory.Select(f => RuleNames(lab, f, "nsg-ingress").Contains("AllowNodesToIngressPods")));
        Assert.Equal([false, false, true], lab.Truth.Inventory.Select(f => RuleNames(lab, f, "nsg-user").Contains("AllowClientsToFrontend")));
    }

    [Theory]
    [InlineData(LabCni.Kubenet)]
    [InlineData(LabCni.Overlay)]
    [InlineData(LabCni.NodeSubnet)]
    public void Every_address_and_nic_in_the_logs_can_be_found_in_the_exports(LabCni cni)
    {
        using var lab = new LabFolder("healthy-cluster", new LabOptions { Cni = cni, Minutes = 10 });
        var folder = Path.Combine(lab.Path, "inventory", lab.Truth.Inventory[0]);
        var exports = string.Concat(Directory.EnumerateFiles(folder, "*.json").Select(File.ReadAllText));
        var macs = exports.Replace("-", "", StringComparison.Ordinal);

        var privateOnes = lab.Tuples().SelectMany(t => new[] { t.Source, t.Destination }).Where(a => a.StartsWith("10.", StringComparison.Ordinal)).Distinct();
        Assert.All(privateOnes, a => Assert.Contains($"\"{a}\"", exports));
        Assert.All(lab.Tuples().Select(t => t.Mac).Distinct(), m => Assert.Contains(m, macs));
    }

    [Fact]
    public void Exports_are_the_lists_that_the_tools_print()
    {
        using var lab = new LabFolder("healthy-local", new LabOptions { Minutes = 2, Format = LogFormat.VnetV4 });
        var files = Directory.EnumerateFiles(Path.Combine(lab.Path, "inventory", lab.Truth.Inventory[0])).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal);

        Assert.Equal(["aks", "endpointslices", "flow-log-list", "ingressclasses", "ingresses", "lb-list", "nic-list", "nodes", "nsg-list", "pods",
            "public-ip-list", "route-table-list", "services", "vmss-nic-list-aks-ingress-12345678-vmss", "vmss-nic-list-aks-system-12345678-vmss",
            "vmss-nic-list-aks-user-12345678-vmss", "vnet-list"], files);
        Assert.Equal("List", Export(lab, lab.Truth.Inventory[0], "pods").GetProperty("kind").GetString());
        var service = Export(lab, lab.Truth.Inventory[0], "services").GetProperty("items").EnumerateArray().Single(s => s.GetProperty("metadata").GetProperty("name").GetString() == "ingress-nginx-controller");
        Assert.Equal(31049, service.GetProperty("spec").GetProperty("healthCheckNodePort").GetInt32());
        Assert.Equal(31049, Export(lab, lab.Truth.Inventory[0], "lb-list")[1].GetProperty("probes")[0].GetProperty("port").GetInt32());
    }

    [Fact]
    public void Truth_can_be_read_back()
    {
        using var lab = new LabFolder("client-denied", new LabOptions { Minutes = 2 });

        var read = LabTruth.FromJson(File.ReadAllText(Path.Combine(lab.Path, "truth.json")));

        Assert.Equal(lab.Truth.ToJson(), read.ToJson());
        var finding = Assert.Single(read.ExpectedFindings);
        Assert.Equal("LBC-001", finding.Id);
        Assert.Equal(["aks-system-12345678-vmss000000", "aks-user-12345678-vmss000000"], finding.Nodes);
        Assert.Equal(2.0 / 3, finding.ExpectedShare!.Value, 3);
    }

    [Fact]
    public void Options_out_of_range_are_refused_with_the_range()
    {
        var error = Assert.Throws<ArgumentException>(() => LabRunner.Commits(LabScenarios.All[0], new LabOptions { Clients = 0 }));

        Assert.Contains("clients", error.Message);
        Assert.Contains("1 to 200", error.Message);
    }

    [Fact]
    public void Scenarios_have_distinct_names_and_a_paragraph_each()
    {
        Assert.Equal(LabScenarios.All.Count, LabScenarios.All.Select(s => s.Name).Distinct().Count());
        Assert.All(LabScenarios.All, s => Assert.True(s.Description.Length > 100, s.Name));
        Assert.Same(LabScenarios.Find("STORY"), LabScenarios.Find("story"));
        Assert.Null(LabScenarios.Find("no-such"));
    }

    private static List<string> RuleNames(LabFolder lab, string capture, string nsg) =>
        [.. Export(lab, capture, "nsg-list").EnumerateArray().Single(n => n.GetProperty("name").GetString() == nsg)
            .GetProperty("securityRules").EnumerateArray().Select(r => r.GetProperty("name").GetString()!)];

    private static JsonElement Export(LabFolder lab, string capture, string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(lab.Path, "inventory", capture, name + ".json")));
        return document.RootElement.Clone();
    }
}
