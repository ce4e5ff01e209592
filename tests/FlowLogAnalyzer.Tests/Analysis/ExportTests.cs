using System.Text;
using System.Text.Json;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Findings.Exports;
using FlowLogAnalyzer.Query.Configuration;
using FlowLogAnalyzer.Tests.Catalogue;
using FlowLogAnalyzer.Tests.Docs;

namespace FlowLogAnalyzer.Tests.Analysis;

/// <summary>What goes to other systems has the names that these systems publish (tests/FlowLogAnalyzer.Tests/Cases/schemas).</summary>
public class ExportTests
{
    private static readonly Dictionary<string, HashSet<string>> Ocsf = OcsfNames(n => n.TrimEnd('*'));

    private static readonly Dictionary<string, HashSet<string>> OcsfRequired = OcsfNames(n => n.EndsWith('*') ? n[..^1] : null);

    /// <summary>Which object an attribute holds.</summary>
    private static readonly Dictionary<string, string> OcsfObjects = new(StringComparer.Ordinal)
    {
        ["metadata"] = "metadata",
        ["product"] = "product",
        ["finding_info"] = "finding_info",
        ["analytic"] = "analytic",
        ["attacks"] = "attack",
        ["technique"] = "technique",
        ["evidences"] = "evidences",
        ["src_endpoint"] = "network_endpoint",
        ["dst_endpoint"] = "network_endpoint",
        ["resources"] = "resource_details",
        ["remediation"] = "remediation",
        ["cloud"] = "cloud",
        ["connection_info"] = "network_connection_info",
        ["traffic"] = "network_traffic",
        ["firewall_rule"] = "firewall_rule",
    };

    [Fact]
    public void A_finding_as_OCSF_has_only_published_attributes_and_all_required_ones()
    {
        var finding = FindingCases.All.First(c => c.Id == "LAT-003" && c.Fires).Findings()[0];

        var json = Json(finding);

        CheckNames("detection_finding", json);
        Assert.Equal((2004, 200401, 5, 3, 1), (Number(json, "class_uid"), Number(json, "type_uid"), Number(json, "severity_id"), Number(json, "confidence_id"), Number(json, "status_id")));
        Assert.Equal(new DateTimeOffset(finding.LastSeen).ToUnixTimeMilliseconds(), json.GetProperty("time").GetInt64());
        Assert.Equal("T1021.004", json.GetProperty("finding_info").GetProperty("attacks")[0].GetProperty("technique").GetProperty("uid").GetString());
        Assert.Equal("10.10.3.4", json.GetProperty("evidences")[0].GetProperty("src_endpoint").GetProperty("ip").GetString());
        Assert.Equal((string)finding["sql"]!, json.GetProperty("evidences")[0].GetProperty("data").GetProperty("sql").GetString());
        Assert.Equal(32, json.GetProperty("finding_info").GetProperty("uid").GetString()!.Length);
    }

    [Fact]
    public void A_suppressed_finding_says_so_in_OCSF_and_keeps_its_uid()
    {
        var finding = FindingCases.All.First(c => c.Id == "LAT-012" && c.Fires).Findings()[0];
        var suppressed = Json(finding with { Suppressed = new Suppression("LAT-012", "*", "known", DateTime.UnixEpoch) });

        CheckNames("detection_finding", suppressed);
        Assert.Equal((3, "Suppressed", "known"), (Number(suppressed, "status_id"), suppressed.GetProperty("status").GetString()!, suppressed.GetProperty("comment").GetString()!));
        Assert.Equal(OcsfFindings.Uid(finding), suppressed.GetProperty("finding_info").GetProperty("uid").GetString());
    }

    [Fact]
    public void The_client_Internet_is_a_name_and_no_address_in_OCSF()
    {
        var finding = FindingCases.All.First(c => c.Id == "LBC-001" && c.Fires).Findings()[0];
        var evidence = finding.Evidence.Select(e => e.Key is "source" or "client" ? KeyValuePair.Create<string, object?>(e.Key, "Internet") : e).ToList();

        var source = Json(finding with { Evidence = evidence }).GetProperty("evidences")[0].GetProperty("src_endpoint");

        Assert.False(source.TryGetProperty("ip", out _));
        Assert.Equal("Internet", source.GetProperty("name").GetString());
    }

    [Fact]
    public void Flows_as_OCSF_have_only_published_attributes_and_all_required_ones()
    {
        var columns = Run("ocsf").Columns.ConvertAll(c => c.Split('.'));

        foreach (var parts in columns)
        {
            for (var i = 0; i < parts.Length; i++)
                Assert.Contains(parts[i], Ocsf[TypeOf(parts[..i])]);
        }

        foreach (var path in columns.SelectMany(c => Enumerable.Range(0, c.Length).Select(n => c[..n])).DistinctBy(p => string.Join('.', p)))
            Assert.Superset(OcsfRequired[TypeOf(path)], columns.Where(c => c.Length > path.Length && c.Take(path.Length).SequenceEqual(path)).Select(c => c[path.Length]).ToHashSet(StringComparer.Ordinal));

        static string TypeOf(string[] path) => path.Length == 0 ? "network_activity" : OcsfObjects[path[^1]];
    }

    [Fact]
    public void Flows_as_ASIM_have_published_columns_all_mandatory_ones_and_allowed_words()
    {
        var published = Lines("asim.txt").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(p => p[0], p => p[1..], StringComparer.Ordinal);
        var (columns, rows) = Run("asim");

        Assert.All(columns, c => Assert.Contains(c, published.Keys));
        foreach (var (name, facts) in published)
        {
            if (facts.Contains("*"))
                Assert.All(rows, row => Assert.NotNull(row[columns.IndexOf(name)]));
            if (facts.FirstOrDefault(f => f.Contains('|', StringComparison.Ordinal)) is { } words && columns.Contains(name))
                Assert.All(rows, row => Assert.Contains((string)row[columns.IndexOf(name)]!, words.Split('|')));
        }

        Assert.Equal(["Allow", "Deny"], rows.Select(r => (string)r[columns.IndexOf("DvcAction")]!).Distinct().Order());
        Assert.Contains(rows, r => (string)r[columns.IndexOf("SrcHostname")]! == "client-vm" && (int)(long)r[columns.IndexOf("DstPortNumber")]! == 80);
    }

    [Fact]
    public void Flows_as_ECS_have_only_published_fields_with_the_words_that_these_allow()
    {
        var published = Lines("ecs.txt").Select(l => l.Split(' ', 2)).ToDictionary(p => p[0], p => p.Length > 1 ? p[1].Split('|') : null, StringComparer.Ordinal);
        var (columns, rows) = Run("ecs");

        Assert.All(columns, c => Assert.Contains(c, published.Keys));
        foreach (var (name, words) in published.Where(p => p.Value is not null && columns.Contains(p.Key)))
            Assert.All(rows.SelectMany(r => r[columns.IndexOf(name)] is List<object?> list ? list : [r[columns.IndexOf(name)]]), word => Assert.Contains((string)word!, words!));
        Assert.Contains("@timestamp", columns);
        Assert.All(rows, row => Assert.Contains($"Schema {row[columns.IndexOf("ecs.version")]} ", RepositoryFiles.Read("tests/FlowLogAnalyzer.Tests/Cases/schemas/ecs.txt"), StringComparison.Ordinal));
        Assert.All(rows, row => Assert.Matches("^([0-9A-F]{2}-){5}[0-9A-F]{2}$", (string)((List<object?>)row[columns.IndexOf("observer.mac")]!)[0]!));
    }

    private static (List<string> Columns, List<object?[]> Rows) Run(string name)
    {
        using var cluster = new StoryCluster();
        cluster.Clients("ingress", 0, 5).Clients("user", 0, 5, deny: true).Probes("user", 0, 20);
        using var database = cluster.Open();
        using var rows = database.Run(database.Library.In("export").Single(q => q.Name == name));
        return ([.. rows.Columns.Select(c => c.Name)], [.. rows.Read()]);
    }

    private static void CheckNames(string type, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                CheckNames(type, item);
            return;
        }

        if (element.ValueKind != JsonValueKind.Object)
            return;
        Assert.Superset(OcsfRequired[type], element.EnumerateObject().Select(p => p.Name).ToHashSet(StringComparer.Ordinal));
        foreach (var property in element.EnumerateObject())
        {
            Assert.Contains(property.Name, Ocsf[type]);
            var isFree = property.Name is "data" or "unmapped" or "types";
            if (!isFree && property.Value.ValueKind is (JsonValueKind.Object or JsonValueKind.Array))
                CheckNames(OcsfObjects[property.Name], property.Value);
        }
    }

    private static JsonElement Json(Finding finding)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            OcsfFindings.Write(writer, finding);
        return JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray())).RootElement;
    }

    private static Dictionary<string, HashSet<string>> OcsfNames(Func<string, string?> name) => Lines("ocsf.txt").Select(l => l.Split(": ", 2))
        .ToDictionary(p => p[0], p => p[1].Split(' ').Select(name).OfType<string>().ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static IEnumerable<string> Lines(string file) =>
        RepositoryFiles.Read($"tests/FlowLogAnalyzer.Tests/Cases/schemas/{file}").Split('\n').Where(l => l.Length > 0 && !l.StartsWith('#'));
}
