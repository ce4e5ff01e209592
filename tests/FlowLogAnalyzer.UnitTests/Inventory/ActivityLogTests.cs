using System.Text.Json;
using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Tests.Inventory;

/// <summary>The Activity Log among the exports: who changed NSG rules.</summary>
public sealed class ActivityLogTests : IDisposable
{
    private const string Nsg = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg-user";
    private const string Write = "Microsoft.Network/networkSecurityGroups/securityRules/write";

    private readonly Snapshots _snapshots = new();

    public void Dispose() => _snapshots.Dispose();

    [Fact]
    public void The_entries_of_one_operation_are_one_change_with_its_caller()
    {
        _snapshots.Add("2026-11-20T12:00:00Z", List(
            Entry("2026-11-20T10:00:04Z", "Succeeded", Write, Nsg + "/securityRules/Allow-Web"),
            Entry("2026-11-20T10:00:01Z", "Started", Write, Nsg.ToUpperInvariant() + "/securityRules/Allow-Web")));

        var change = Assert.Single(_snapshots.Build().NsgOperations);

        Assert.Equal((Nsg.ToLowerInvariant(), "nsg-user", "anna@shop.example", "20.50.88.17", Write), (change.NsgId, change.NsgName.ToLowerInvariant(), change.Caller, change.CallerIp, change.Operation));
        Assert.Equal((InventoryCases.Time("2026-11-20T10:00:01Z"), InventoryCases.Time("2026-11-20T10:00:04Z")), (change.Started, change.Ended));
        Assert.Equal("allow-web", change.Rule, ignoreCase: true);
    }

    [Fact]
    public void What_failed_what_only_reads_and_what_is_about_other_resources_is_no_change()
    {
        _snapshots.Add("2026-11-20T12:00:00Z", List(
            Entry("2026-11-20T10:00:01Z", "Failed", Write, Nsg + "/securityRules/Allow-Web"),
            Entry("2026-11-20T10:00:02Z", "Succeeded", "Microsoft.Network/networkSecurityGroups/join/action", Nsg),
            Entry("2026-11-20T10:00:03Z", "Succeeded", "Microsoft.Compute/virtualMachines/write", "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm")));
        var import = InventoryImporter.Import([_snapshots.Root]);

        Assert.Empty(ClusterInventory.Build(import.Documents).NsgOperations);
        Assert.Empty(import.Notes);
    }

    [Fact]
    public void The_same_entries_in_two_exports_are_one_change()
    {
        var entry = Entry("2026-11-20T10:00:04Z", "Succeeded", Write, Nsg + "/securityRules/Allow-Web");
        _snapshots.Add("2026-11-20T12:00:00Z", List(entry)).Add("2026-11-20T13:00:00Z", JsonSerializer.Serialize(new { value = new[] { JsonDocument.Parse(entry).RootElement }, nextLink = "https://management.azure.com/next" }));

        Assert.Single(_snapshots.Build().NsgOperations);
    }

    [Fact]
    public void A_version_of_an_NSG_begins_with_the_last_change_before_the_export_that_shows_it()
    {
        _snapshots.Add("2026-11-20T09:00:00Z", Group(100)).Add("2026-11-20T11:00:00Z", Group(100)).Add("2026-11-20T12:00:00Z", Group(200), List(
            Entry("2026-11-20T10:00:00Z", "Succeeded", Write, Nsg + "/securityRules/before-the-second-export"),
            Entry("2026-11-20T11:20:00Z", "Succeeded", Write, Nsg + "/securityRules/r"),
            Entry("2026-11-20T11:30:00Z", "Succeeded", Write, Nsg + "/securityRules/r"),
            Entry("2026-11-20T11:40:00Z", "Succeeded", Write, Nsg.Replace("nsg-user", "nsg-other", StringComparison.Ordinal) + "/securityRules/r")));

        var versions = _snapshots.Build().NetworkSecurityGroups;

        Assert.Equal([(100, InventorySchema.BeginningOfTime, InventoryCases.Time("2026-11-20T11:30:00Z")), (200, InventoryCases.Time("2026-11-20T11:30:00Z"), InventorySchema.EndOfTime)],
            versions.Select(v => (v.Nsg.Rules.Single(r => !r.IsDefault).Priority, v.From, v.To)));
    }

    private static string List(params string[] entries) => $"[{string.Join(',', entries)}]";

    private static string Entry(string time, string status, string operation, string resource) => $$"""
        { "caller": "anna@shop.example", "correlationId": "{{operation}}{{time[..16]}}", "eventDataId": "{{time}}{{status}}", "eventTimestamp": "{{time}}", "httpRequest": { "clientIpAddress": "20.50.88.17" },
          "id": "{{resource}}/events/x/ticks/1", "operationName": { "localizedValue": "x", "value": "{{operation}}" }, "resourceId": "{{resource}}", "status": { "localizedValue": "x", "value": "{{status}}" } }
        """;

    private static string Group(int priority) => $$"""
        [{ "id": "{{Nsg}}", "name": "nsg-user", "type": "Microsoft.Network/networkSecurityGroups", "securityRules": [{ "name": "r", "priority": {{priority}}, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
           "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "80" }] }]
        """;
}
