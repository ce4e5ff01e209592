using System.Text.Json;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Import;
using FlowLogAnalyzer.Nsg.Tags;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Tests.Lab;

/// <summary>What the lab writes must be whole for the parts that read it: the parser, the inventory, the replay of rules.</summary>
public class LabAgainstReadersTests
{
    [Theory]
    [InlineData("story", LogFormat.NsgV2, LabCni.Kubenet)]
    [InlineData("lateral-movement", LogFormat.VnetV4, LabCni.Overlay)]
    [InlineData("ingress-flapping", LogFormat.NsgV1, LabCni.NodeSubnet)]
    public async Task The_parser_takes_every_tuple_without_a_remark(string scenario, LogFormat format, LabCni cni)
    {
        using var lab = new LabFolder(scenario, new LabOptions { Format = format, Cni = cni, Minutes = 15 });
        long rows = 0;
        foreach (var blob in lab.Blobs)
        {
            var identity = FlowLogPath.Parse(Path.GetRelativePath(lab.Path, blob), blob);
            Assert.NotNull(identity.Hour);
            await using var stream = File.OpenRead(blob);
            var result = await FlowLogBlobReader.ReadAsync(stream, new BlobReadRequest(identity), _ => ValueTask.CompletedTask, TestContext.Current.CancellationToken);

            Assert.Equal(BlobOutcome.Complete, result.Outcome);
            Assert.DoesNotContain(result.Rejected, r => r.Value > 0);
            rows += result.Rows;
        }
        Assert.Equal(lab.Truth.Tuples, rows);
    }

    [Theory]
    [InlineData(LabCni.Kubenet)]
    [InlineData(LabCni.Overlay)]
    [InlineData(LabCni.NodeSubnet)]
    public void The_inventory_knows_every_address_and_every_nic(LabCni cni)
    {
        using var lab = new LabFolder("healthy-cluster", new LabOptions { Cni = cni, Minutes = 10 });
        var import = InventoryImporter.Import([Path.Combine(lab.Path, "inventory")]);
        var inventory = ClusterInventory.Build(import.Documents);
        var kinds = lab.Tuples().SelectMany(t => new[] { t.Source, t.Destination }).Distinct().ToDictionary(a => a, a => Kind(inventory, a));
        var macs = inventory.Tables.Single(t => t.Shape.Name == "nics").Rows.Select(r => (string)r[0]!);

        // A cluster without route tables exports an empty list, and that is the only remark.
        Assert.Equal(cni == LabCni.Kubenet ? 0 : 1, import.Notes.Count);
        Assert.Equal("lb_frontend", kinds["10.10.2.100"]);
        Assert.Equal("node", kinds["10.10.3.4"]);
        Assert.Equal("vm", kinds["10.10.4.4"]);
        Assert.Equal("platform", kinds["168.63.129.16"]);
        Assert.Equal("apiserver", kinds["20.76.11.12"]);
        Assert.Equal("pod", kinds[cni == LabCni.NodeSubnet ? "10.10.2.120" : "10.244.1.10"]);
        Assert.DoesNotContain(kinds.Values, k => k is "vnet" or "pod_unknown" or "service_cidr");
        Assert.Subset(macs.ToHashSet(), lab.Tuples().Select(t => t.Mac).ToHashSet());
    }

    [Fact]
    public void The_inventory_finds_roles_backends_and_probes()
    {
        using var lab = new LabFolder("healthy-local", new LabOptions { Minutes = 2 });
        var tables = ClusterInventory.Build(InventoryImporter.Import([Path.Combine(lab.Path, "inventory")]).Documents).Tables.ToDictionary(t => t.Shape.Name);

        Assert.Equal(["ingress", "system", "user"], tables["nodes"].Rows.Select(r => (string)Cell(tables["nodes"], r, "role")!).Order());
        Assert.Equal(3, tables["backends"].Rows.Count);
        var probe = Assert.Single(tables["probes"].Rows);
        Assert.Equal(31049, Cell(tables["probes"], probe, "probe_port"));
        Assert.Equal("Local", Cell(tables["services"], tables["services"].Rows.Single(r => (string)r[0]! == "ingress/ingress-nginx-controller"), "traffic_policy"));
    }

    [Theory]
    [InlineData("story", LabCni.Kubenet)]
    [InlineData("probe-denied", LabCni.NodeSubnet)]
    [InlineData("lateral-movement", LabCni.Kubenet)]
    public void The_exported_rules_decide_every_new_flow_as_it_was_logged(string scenario, LabCni cni)
    {
        using var lab = new LabFolder(scenario, new LabOptions { Format = LogFormat.VnetV4, Cni = cni, Minutes = 15 });
        var checkedFlows = 0;
        for (var i = 0; i < lab.Truth.Phases.Count; i++)
        {
            var phase = lab.Truth.Phases[i];
            var evaluators = Evaluators(Path.Combine(lab.Path, "inventory", lab.Truth.Inventory[i]));

            // Retries of the phase before belong to its rules: the first seconds are left out.
            var from = phase.Start.ToUnixTimeMilliseconds() + 10_000;
            foreach (var tuple in lab.Tuples().Where(t => t.State is "B" or "D" && t.Milliseconds >= from && t.Milliseconds < phase.End.ToUnixTimeMilliseconds()))
            {
                var decision = evaluators[tuple.Acl.Split('/')[^1]].Decide(KeyOf(tuple));
                Assert.Equal((tuple.IsDenied ? Decision.Deny : Decision.Allow, tuple.Rule), (decision.Decision, decision.Rule?.LogName));
                checkedFlows++;
            }
        }
        Assert.True(checkedFlows > 5000, $"only {checkedFlows} flows");
    }

    private static Dictionary<string, NsgEvaluator> Evaluators(string folder)
    {
        using var nsgs = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "nsg-list.json")));
        using var tables = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "route-table-list.json")));
        var routes = tables.RootElement.EnumerateArray().SelectMany(t => t.GetProperty("routes").EnumerateArray())
            .Select(r => new UserRoute(r.GetProperty("addressPrefix").GetString()!, r.GetProperty("nextHopType").GetString()!)).ToList();
        return NsgJson.Read(nsgs.RootElement, "nsg-list.json").Nsgs.ToDictionary(n => n.Name, n => new NsgEvaluator(new NicContext
        {
            SubnetNsg = n,
            Addresses = new AddressSources
            {
                Network = new VirtualNetworkFacts { AddressSpace = ["10.10.0.0/16"], Routes = n.Name == "nsg-clients" ? [] : routes },
            },
        }));
    }

    private static FlowKey KeyOf(RawTuple tuple) => new(tuple.Direction == "I" ? Direction.Inbound : Direction.Outbound, byte.Parse(tuple.Fields[5]),
        Key(tuple.Source), ushort.Parse(tuple.Fields[3]), Key(tuple.Destination), ushort.Parse(tuple.Fields[4]));

    private static string Kind(ClusterInventory inventory, string address) =>
        inventory.Resolve(Key(address)).Single(r => r.From <= new DateTime(2026, 11, 16, 9, 5, 0, DateTimeKind.Utc) && r.To > new DateTime(2026, 11, 16, 9, 5, 0, DateTimeKind.Utc)).Facts.Kind;

    private static object? Cell(InventoryTable table, object?[] row, string column) => row[table.Shape.Columns.Select(c => c.Name).ToList().IndexOf(column)];

    private static IpAddressKey Key(string address) => IpAddressKey.TryParse(address, out var key) ? key : default;
}
