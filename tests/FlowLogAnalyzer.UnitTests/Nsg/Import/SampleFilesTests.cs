using System.Text.Json;
using FlowLogAnalyzer.Nsg.Import;
using FlowLogAnalyzer.Nsg.Tags;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Nsg.Import;

/// <summary>Public samples that may be studied but not copied; where the collection is at hand they must all load.</summary>
public class SampleFilesTests
{
    [Theory]
    [InlineData("azure-nsg/custodian_nsg_list_43-nsgs_incl-aks.json", 43, 1)]
    [InlineData("azure-nsg/custodian_nsg_list_multiple-ports.json", 2, 0)]
    [InlineData("azure-nsg/custodian_nsg_and_flowlog_resource.json", 1, 0)]
    [InlineData("azure-nsg/custodian_nsg_icmp.json", 1, 0)]
    [InlineData("azure-nsg/psrule_Resources.VirtualNetwork.json", 3, 0)]
    [InlineData("arm-templates/custodian_networksecuritygroup.json", 1, 0)]
    [InlineData("arm-templates/erjosito_nic_nsg_slb.json", 1, 0)]
    [InlineData("arm-templates/yenneprem_nsg-2ports.json", 1, 0)]
    public void Loads(string path, int nsgs, int aksManaged)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SampleCollection.Path(path)));

        var import = NsgJson.Read(document.RootElement, path);

        Assert.Equal((nsgs, aksManaged), (import.Nsgs.Count, import.Nsgs.Count(n => n.IsAksManaged)));
        Assert.All(import.Nsgs, n => Assert.True(n.Rules.Count >= 6));
        Assert.DoesNotContain(import.Notes, n => n.Contains("not resolved", StringComparison.Ordinal));
    }

    [Fact]
    public void The_service_tags_file_loads()
    {
        var file = ServiceTagFile.Parse(File.ReadAllBytes(SampleCollection.Path("service-tags/femueller_microsoft-azure-ip-ranges.json")));

        Assert.Equal(("363", 2967), (file.ChangeNumber, file.Count));
        Assert.NotNull(file.Expand("storage.WESTUS"));
    }
}
