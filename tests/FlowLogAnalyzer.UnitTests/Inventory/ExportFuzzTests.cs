using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Inventory.Import;
using FlowLogAnalyzer.Network;

namespace FlowLogAnalyzer.Tests.Inventory;

/// <summary>Every node of every kind of export becomes something else: the object is imported or refused by name, and the one beside it is there.</summary>
public class ExportFuzzTests
{
    /// <summary>What a node is replaced by; half a surrogate pair is written as an escape, since no string can hold it.</summary>
    private static readonly string[] Replacements = ["null", "7", "1e400", "-0.5", "true", "\"\"", "\"x\"", "\"10.0.0.0/33\"", "\"\\ud800\"", "[]", "[null]", "[{}]", "[[7]]", "{}", "{\"a\":{\"b\":[1]}}", "{\"\\ud800\":1}"];

    public static TheoryData<string> Kinds => [.. ExportSamples.Kubernetes.Select(k => k.Kind), .. ExportSamples.Azure.Select(a => a.Kind), "service-tag"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_sample_is_imported_whole(string kind)
    {
        var content = Split(Document(kind, Sample(kind)));

        Assert.Empty(content.Refused);
        Assert.Equal(2, content.Objects);
        Build(content);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Whatever_a_node_becomes_the_object_is_imported_or_refused_by_name_and_the_rest_is_read(string kind)
    {
        foreach (var path in Paths(JsonNode.Parse(Sample(kind))!, []).ToList())
            foreach (var replacement in Replacements)
            {
                var mutated = Replace(Sample(kind), path, replacement);
                var content = Split(Document(kind, mutated));
                var where = $"{string.Join('.', path)} = {replacement}: {string.Join(' ', content.Refused)}";

                Assert.True(content.Entities.Exists(e => e.Entity.Name.Contains("-2", StringComparison.Ordinal) || e.Entity.Id.Contains("-2", StringComparison.Ordinal)), where);
                Assert.True(content.Refused.Count <= 1, where);
                Assert.All(content.Refused, r => Assert.Matches("object 1.* is refused: the field '[^']+' ", r));
                Build(content);
            }
    }

    [Theory]
    [InlineData("vnet", "addressSpace.addressPrefixes", "[\"10.0.0.0/33\"]")]
    [InlineData("aks", "podCidrs", "[\"10.0.0.0/33\"]")]
    [InlineData("nsg", "securityRules.sourceAddressPrefix", "\"10.0.0.0/33\"")]
    [InlineData("nsg", "securityRules", "\"none\"")]
    [InlineData("nic", "ipConfigurations.privateIPAddress", "\"10.0.0.256\"")]
    [InlineData("Node", "spec.podCIDRs", "[\"pods\"]")]
    [InlineData("Service", "metadata.name", "null")]
    [InlineData("Pod", "metadata.labels.app", "\"\\udc00\"")]
    public void What_would_end_a_check_is_refused_with_its_field(string kind, string field, string value)
    {
        string[] path = kind == "aks" ? ["networkProfile", field] : [.. field.Split('.').SelectMany(p => p is "securityRules" or "ipConfigurations" && p != field ? new[] { p, "0" } : [p])];

        var content = Split(Document(kind, Replace(Sample(kind), path, value)));

        Assert.Contains($"the field '{field}' ", Assert.Single(content.Refused), StringComparison.Ordinal);
        Assert.Equal(1, content.Objects);
        Assert.Empty(content.Complete); // it is there: nothing may be taken as gone
    }

    private static string Sample(string kind) =>
        kind == "service-tag" ? ExportSamples.ServiceTag
            : ExportSamples.Kubernetes.Concat(ExportSamples.Azure).Single(s => s.Kind == kind).Json.Replace("RG:", ExportSamples.Rg, StringComparison.Ordinal);

    /// <summary>The mutated object first, and a sound one of the same kind behind it.</summary>
    private static string Document(string kind, string first)
    {
        var list = $"[{first.Replace("N1", "1", StringComparison.Ordinal)},{Sample(kind).Replace("N1", "2", StringComparison.Ordinal)}]";
        return kind == "service-tag" ? $$"""{"changeNumber":1,"cloud":"Public","values":{{list}}}"""
            : char.IsUpper(kind[0]) ? $$"""{"apiVersion":"v1","kind":"List","items":{{list}}}""" : list;
    }

    private static FileContent Split(string document)
    {
        using var json = JsonDocument.Parse(document);
        var content = DocumentSplitter.Split(json.RootElement, BadText.MayBeIn(Encoding.UTF8.GetBytes(document)));
        return content;
    }

    /// <summary>All that a check makes of an inventory before it asks its questions.</summary>
    private static void Build(FileContent content)
    {
        var asOf = InventoryCases.AsOf;
        var documents = content.Entities.Select(e => EntityJson.ToDocument(asOf, e.Kind, e.Entity)).DistinctBy(d => (d.Kind, d.Id)).ToList();
        var inventory = ClusterInventory.Build(documents);
        var facts = new NetworkFacts(inventory, new NetworkModelOptions(), asOf.AddHours(-1), asOf.AddHours(1));
        foreach (var nic in facts.Nics)
            _ = facts.AddressesOf(nic);
    }

    private static IEnumerable<string[]> Paths(JsonNode? node, string[] path)
    {
        if (path.Length > 0)
            yield return path;
        var children = node switch
        {
            JsonObject o => o.Select(p => (p.Key, p.Value)),
            JsonArray a => a.Select((item, i) => (i.ToString(System.Globalization.CultureInfo.InvariantCulture), item)),
            _ => [],
        };
        foreach (var (name, child) in children)
            foreach (var inner in Paths(child, [.. path, name]))
                yield return inner;
    }

    private static string Replace(string sample, string[] path, string json)
    {
        const string Mark = "\"#replaced#\"";
        var root = JsonNode.Parse(sample)!;
        var parent = root;
        foreach (var name in path[..^1])
            parent = parent is JsonArray a ? a[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)]! : parent[name]!;
        if (parent is JsonArray list)
            list[int.Parse(path[^1], System.Globalization.CultureInfo.InvariantCulture)] = "#replaced#";
        else
            parent[path[^1]] = "#replaced#";
        return root.ToJsonString().Replace(Mark, json, StringComparison.Ordinal);
    }
}
