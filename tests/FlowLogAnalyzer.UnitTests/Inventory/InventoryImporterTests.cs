using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Tests.Inventory;

public class InventoryImporterTests
{
    [Fact]
    public void Tells_every_kind_of_export_apart_by_its_content()
    {
        var import = InventoryCases.Import("kubectl", "az");

        Assert.Empty(import.Notes);
        Assert.Equal(
            "aks 1, endpointslice 3, flow-log 1, ingress 1, ingressclass 1, lb 2, nic 5, node 3, nsg 3, pod 3, public-ip 2, route-table 1, service 2, subnet 7, vnet 1",
            string.Join(", ", import.Counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key} {c.Value}")));
    }

    [Fact]
    public void Both_forms_of_Azure_exports_give_the_same_tables()
    {
        Assert.Equal(InventoryCases.Build("kubectl", "az").Text(), InventoryCases.Build("kubectl", "arm").Text());
    }

    [Fact]
    public void Keeps_neither_secrets_nor_bulk()
    {
        var json = string.Concat(InventoryCases.Import("kubectl", "az").Documents.Select(d => d.Json));

        Assert.DoesNotContain("dropped", json);
        Assert.DoesNotContain("managedFields", json);
        Assert.DoesNotContain("last-applied", json);
        Assert.DoesNotContain("etag", json);
    }

    [Fact]
    public void A_folder_named_by_a_time_is_the_capture_time()
    {
        using var snapshots = new Snapshots().Add("2026-11-01T10:20:30Z", Kube.List(Kube.Node("n1", "10.1.0.4")));

        var import = InventoryImporter.Import([snapshots.Root]);

        Assert.All(import.Documents, d => Assert.Equal(InventoryCases.Time("2026-11-01T10:20:30Z"), d.AsOf));
    }

    [Fact]
    public void Without_such_a_folder_the_last_write_time_counts()
    {
        using var snapshots = new Snapshots();
        var file = Path.Combine(snapshots.Root, "nodes.json");
        File.WriteAllText(file, """{"apiVersion":"v1","kind":"Node","metadata":{"name":"n1","uid":"u"}}""");
        File.SetLastWriteTimeUtc(file, InventoryCases.AsOf);

        Assert.Equal(InventoryCases.AsOf, InventoryImporter.Import([file]).Documents.Single().AsOf);
    }

    [Fact]
    public void Broken_and_unknown_files_are_named_and_the_rest_goes_on()
    {
        using var snapshots = new Snapshots().Add(
            "2026-11-01T10:00:00Z",
            "{ \"kind\": ",
            new { apiVersion = "v1", kind = "Secret", metadata = new { name = "s" }, data = new { password = "cGFzcw==" } },
            "[]",
            "42",
            Kube.List(Kube.Node("n1", "10.1.0.4")));

        var import = InventoryImporter.Import([snapshots.Root]);

        Assert.Equal(1, import.Counts["node"]);
        Assert.Equal(["0.json", "1.json", "2.json", "3.json"], import.Notes.Select(n => Path.GetFileName(n.File)));
        Assert.Contains("not JSON at line 1", import.Notes[0].Text);
        Assert.Contains("1 x Secret", import.Notes[1].Text);
        Assert.Contains("kubectl (nodes, services", import.Notes[1].Text);
        Assert.Contains("empty list", import.Notes[2].Text);
        Assert.Contains("Number stands where", import.Notes[3].Text);
        Assert.DoesNotContain("cGFzcw", string.Concat(import.Documents.Select(d => d.Json)));
    }

    [Fact]
    public void A_path_that_does_not_exist_is_an_error_that_names_it()
    {
        var error = Assert.Throws<FileNotFoundException>(() => InventoryImporter.Import(["/nowhere/exports"]));

        Assert.Contains("/nowhere/exports", error.Message);
    }

    [Fact]
    public void A_cut_answer_does_not_end_what_is_on_other_pages()
    {
        const string Nic = """{"value":[{"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkInterfaces/NAME","name":"NAME","properties":{"macAddress":"00-0D-3A-00-00-0N"}}]MORE}""";
        using var snapshots = new Snapshots()
            .Add("2026-11-01T10:00:00Z", Nic.Replace("NAME", "a").Replace("0N", "01").Replace("MORE", ""))
            .Add("2026-11-02T10:00:00Z", Nic.Replace("NAME", "b").Replace("0N", "02").Replace("MORE", ",\"nextLink\":\"https://next\""));

        var import = InventoryImporter.Import([snapshots.Root]);

        Assert.Contains("more pages follow", import.Notes.Single().Text);
        Assert.All(ClusterInventory.Build(import.Documents).Rows("nics"), r => Assert.Equal(InventorySchema.EndOfTime, r["valid_to"]));
    }

    [Fact]
    public void Flow_logs_in_the_folder_are_left_alone()
    {
        using var snapshots = new Snapshots().Add("2026-11-01T10:00:00Z", Kube.List(Kube.Node("n1", "10.1.0.4")));
        File.WriteAllText(Path.Combine(snapshots.Root, "PT1H.json"), "{\"records\":[");

        var import = InventoryImporter.Import([snapshots.Root]);

        Assert.Equal(1, import.Files);
        Assert.StartsWith("1 file(s) named PT1H.json are flow logs", Assert.Single(import.Notes).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("web-5c6d", "5c6d", "Deployment/web")]
    [InlineData("web-7d9f8b6c54", null, "Deployment/web")]
    [InlineData("web-frontend", null, "ReplicaSet/web-frontend")]
    [InlineData("web", null, "ReplicaSet/web")]
    public void A_ReplicaSet_of_a_Deployment_is_given_as_the_Deployment(string replicaSet, string? hash, string expected)
    {
        using var snapshots = new Snapshots().Add("2026-11-01T10:00:00Z", new
        {
            apiVersion = "v1",
            kind = "Pod",
            metadata = new
            {
                name = "p",
                uid = "p",
                labels = hash is null ? [] : new Dictionary<string, string> { ["pod-template-hash"] = hash },
                ownerReferences = new[] { new { kind = "ReplicaSet", name = replicaSet, controller = true } },
            },
            status = new { podIP = "10.2.0.9" },
        });

        Assert.Equal(expected, snapshots.Build().Rows("pods").Single()["workload"]);
    }

    [Fact]
    public void A_service_tag_file_names_public_addresses()
    {
        using var snapshots = new Snapshots().Add("2026-11-01T10:00:00Z", """
            {"changeNumber":1,"cloud":"Public","values":[
              {"name":"AzureCloud","id":"AzureCloud","properties":{"addressPrefixes":["198.51.100.0/24"],"networkFeatures":null}},
              {"name":"AzureCloud.westeurope","id":"AzureCloud.westeurope","properties":{"addressPrefixes":["198.51.100.0/25"]}},
              {"name":"Storage.WestEurope","id":"Storage.WestEurope","properties":{"addressPrefixes":["198.51.100.0/25"]}}]}
            """);

        var inventory = snapshots.Build();

        Assert.Equal(("public", "Storage.WestEurope"), (inventory.ResolveNow("198.51.100.7").Facts.Kind, inventory.ResolveNow("198.51.100.7").Facts.Name));
        Assert.Equal("AzureCloud", inventory.ResolveNow("198.51.100.200").Facts.Name);
        Assert.True(inventory.ResolveNow("198.51.100.7").Certain);
    }

    [Fact]
    public void Documents_read_back_are_the_entities_that_were_written()
    {
        var documents = InventoryCases.Import("kubectl", "az").Documents;

        var again = documents.Select(d => FlowLogAnalyzer.Inventory.Import.EntityJson.ToDocument(d.AsOf, d.Kind, FlowLogAnalyzer.Inventory.Import.EntityJson.FromDocument(d)));

        Assert.Equal(documents, again);
    }
}
