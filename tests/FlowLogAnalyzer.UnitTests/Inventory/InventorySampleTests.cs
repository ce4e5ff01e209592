using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Inventory;

/// <summary>Exports of real clusters and subscriptions, where the collection is at hand.</summary>
public class InventorySampleTests
{
    private static InventoryImport Import(params string[] names)
    {
        return InventoryImporter.Import(names.Select(SampleCollection.Path), InventoryCases.AsOf);
    }

    [Theory]
    [InlineData("k8s-aks/kubescape_aks_node.json", "node", 1)]
    [InlineData("k8s-aks/ms-docker-provider_pods1.json", "pod", 10)]
    [InlineData("k8s-generic/k9s_eps.json", "endpointslice", 1)]
    [InlineData("k8s-generic/k9s_no.json", "node", 1)]
    [InlineData("k8s-generic/k9s_svc.json", "service", 1)]
    [InlineData("azure-aks/custodian_managedClusters_list.json", "aks", 1)]
    [InlineData("azure-aks/regolibrary_aks_calico-kubenet.json", "aks", 1)]
    [InlineData("azure-lb/cpinotossi_az-network-lb_show.json", "lb", 1)]
    [InlineData("azure-lb/custodian_lb_and_publicip.json", "lb", 2)]
    [InlineData("azure-lb/custodian_lb_and_publicip.json", "public-ip", 1)]
    [InlineData("azure-net/custodian_network_interfaces.json", "nic", 6)]
    [InlineData("azure-net/custodian_public_ip_addresses.json", "public-ip", 4)]
    [InlineData("azure-nsg/custodian_nsg_list_43-nsgs_incl-aks.json", "nsg", 43)]
    [InlineData("azure-nsg/custodian_nsg_and_flowlog_resource.json", "flow-log", 1)]
    [InlineData("azure-nsg/psrule_Resources.VirtualNetwork.json", "vnet", 5)]
    [InlineData("azure-nsg/psrule_Resources.VirtualNetwork.json", "lb", 3)]
    [InlineData("service-tags/femueller_microsoft-azure-ip-ranges.json", "service-tag", 2967)]
    public void Reads_real_exports(string file, string kind, int count) => Assert.Equal(count, Import(file).Counts.GetValueOrDefault(kind));

    [Fact]
    public void A_real_AKS_node_shows_pool_mode_and_scale_set()
    {
        var node = ClusterInventory.Build(Import("k8s-aks/kubescape_aks_node.json").Documents).Rows("nodes").Single();

        Assert.Equal(("aks-minio01-00000000-vmss00000k", "1.1.1.1", "minio01", "user", "aks-minio01-00000000-vmss", "1.1.1.3/24"), (node["node"], node["ip"], node["pool"], node["role"], node["vmss"], node["pod_cidr"]));
    }

    [Fact]
    public void Real_host_network_pods_leave_the_nodes_address_alone()
    {
        var inventory = ClusterInventory.Build(Import("k8s-aks/ms-docker-provider_pods1.json").Documents);

        Assert.DoesNotContain(inventory.Resolve("10.224.0.6"), r => r.Facts.Kind == "pod");
        Assert.Contains(inventory.Rows("pods"), p => (bool)p["host_network"]! && (string?)p["ip"] == "10.224.0.6");
    }

    [Fact]
    public void The_MAC_of_a_real_NIC_is_spelled_as_in_flow_logs()
    {
        var nics = ClusterInventory.Build(Import("azure-net/custodian_network_interfaces.json").Documents).Rows("nics");

        Assert.Contains(nics, n => (string)n["mac"]! == "000D3A74E9D1" && (string?)n["ip"] == "10.240.0.5" && (string?)n["name"] == "k8s-agent-C02B7042-0");
    }

    [Fact]
    public void The_AKS_managed_NSG_is_recognised()
    {
        var nsgs = ClusterInventory.Build(Import("azure-nsg/custodian_nsg_list_43-nsgs_incl-aks.json").Documents).Rows("nsgs");

        Assert.Contains(nsgs, n => (string)n["nsg"]! == "aks-agentpool-58626146-nsg" && (bool)n["aks_managed"]!);
    }

    [Fact]
    public void All_samples_together_import_without_an_error()
    {
        var import = Import("k8s-aks", "k8s-generic", "azure-aks", "azure-lb", "azure-net", "azure-nsg", "arm-templates", "event-grid", "not-flow-logs");

        Assert.True(import.Documents.Count > 80);
        Assert.All(import.Notes, n => Assert.NotNull(n.File));
        Assert.NotEmpty(ClusterInventory.Build(import.Documents).Tables);
    }
}
