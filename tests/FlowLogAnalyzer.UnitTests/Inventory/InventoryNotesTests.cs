using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Tests.Inventory;

public class InventoryNotesTests
{
    [Fact]
    public void Everything_that_is_missing_is_named_with_its_cost_and_a_command()
    {
        var notes = ClusterInventory.Empty.Notes;

        Assert.Equal(12, notes.Count);
        Assert.All(notes, n => Assert.Matches("^No .+: .+; run: (kubectl get|az ) ?.+ -o json$", n.Text));
        Assert.Contains(notes, n => n.Text.StartsWith("No EndpointSlices: second hops cannot be told from lateral movement", StringComparison.Ordinal) && n.Text.Contains("LBP-002") && n.Text.EndsWith("kubectl get endpointslices -A -o json", StringComparison.Ordinal));
    }

    [Fact]
    public void A_complete_inventory_has_no_notes() => Assert.Empty(InventoryCases.Build("kubectl", "az").Notes);

    [Fact]
    public void A_pool_whose_NICs_are_missing_is_named()
    {
        var inventory = InventoryCases.Build("kubectl", "az/vmss-nic-list-user.json");

        var note = inventory.Notes.Single(n => n.Text.StartsWith("No NIC for 2 node(s)", StringComparison.Ordinal));
        Assert.Contains("aks-ingress-12345678-vmss000000", note.Text);
        Assert.Contains("az vmss nic list", note.Text);
    }
}
