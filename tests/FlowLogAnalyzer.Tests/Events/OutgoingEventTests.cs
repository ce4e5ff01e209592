using System.Text;
using System.Text.Json;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Findings.Exports;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Analysis;
using FlowLogAnalyzer.Tests.Catalogue;
using FlowLogAnalyzer.Tests.Support;
using FlowLogAnalyzer.Triggers.Events;

namespace FlowLogAnalyzer.Tests.Events;

/// <summary>What goes out: its form, its size, and from where the next run goes on.</summary>
public class OutgoingEventTests
{
    private static readonly Finding Finding = FindingCases.All.First(c => c.Id == "LAT-003" && c.Fires).Findings()[0];

    [Fact]
    public void A_finding_that_fits_is_sent_whole_under_its_uid()
    {
        var sent = FindingEvents.Ocsf([Finding], 1_000_000).Single();

        Assert.Equal(OcsfFindings.Uid(Finding), sent.Key);
        Assert.Equal(Finding.Explanation, Json(sent.Body).GetProperty("message").GetString());
        Assert.DoesNotContain("shortened", Text(sent.Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(250_000)]
    [InlineData(48 * 1024)]
    [InlineData(8 * 1024)]
    public void One_that_is_too_large_is_shortened_and_says_so(int maxBytes)
    {
        var long_ = Enumerable.Range(0, 300_000).Select(i => (object?)$"node-{i}").ToList();
        var huge = Finding with
        {
            Explanation = new string('ü', 200_000),
            Evidence = [.. Finding.Evidence, KeyValuePair.Create<string, object?>("nodes", long_)],
            Fix = new FindingFix(new string('f', 100_000)) { Bicep = new string('b', 100_000) },
        };

        foreach (var write in new Action<Utf8JsonWriter, Finding>[] { OcsfFindings.Write, FindingJson.Write })
        {
            var body = FindingEvents.Write(huge, maxBytes, write);

            Assert.InRange(body.Length, 1, maxBytes);
            Assert.Contains($"flowlog check --only {Finding.Id} shows all of it", Text(body), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Only_the_code_of_the_repair_goes_when_that_is_enough()
    {
        var withCode = Finding with { Fix = new FindingFix("Allow it.") { Bicep = new string('b', 60_000) } };

        var json = Json(FindingEvents.Write(withCode, 48 * 1024, FindingJson.Write));

        Assert.Equal("", json.GetProperty("fix").GetProperty("bicep").GetString());
        Assert.Equal(Finding.Evidence.Count, json.GetProperty("evidence").EnumerateObject().Count());
    }

    [Fact]
    public void Refused_flows_are_OCSF_objects_with_a_uid_of_their_own_and_their_NIC_as_the_key()
    {
        using var cluster = new StoryCluster();
        cluster.Clients("ingress", 0, 5).Clients("user", 0, 5, deny: true).Probes("user", 0, 20);
        using var database = cluster.Open();
        var denied = (long)database.Scalar("select count(*) from named_flows where decision = 'Deny'")!;

        var flows = DeniedFlowEvents.Read(database).ToList();

        Assert.Equal(denied, flows.Count);
        Assert.NotEmpty(flows);
        Assert.Equal(flows.Select(f => f.FirstSeen).Order(), flows.Select(f => f.FirstSeen));
        Assert.Equal(flows.Count, flows.Select(f => Json(f.Event.Body).GetProperty("metadata").GetProperty("uid").GetString()).Distinct().Count());
        foreach (var flow in flows)
        {
            var json = Json(flow.Event.Body);
            Assert.Equal((4001, 5, "Refuse"), (json.GetProperty("class_uid").GetInt32(), json.GetProperty("activity_id").GetInt32(), json.GetProperty("activity_name").GetString()!));
            Assert.Equal(new DateTimeOffset(flow.FirstSeen).ToUnixTimeMilliseconds(), json.GetProperty("time").GetInt64());
            Assert.True(json.GetProperty("dst_endpoint").TryGetProperty("ip", out _));
            Assert.Matches("^[0-9A-F]{12}$", flow.Event.Key);
            AssertNoNameTwice(json);
        }
    }

    [Fact]
    public async Task A_mark_is_where_the_next_run_goes_on_and_each_receiver_has_its_own()
    {
        using var folder = new TemporaryFolder();
        var lake = await FlowLake.OpenAsync(folder["lake"]);
        var (a, b) = (new ExportMark(lake, "a", TimeProvider.System), new ExportMark(lake, "b", TimeProvider.System));
        var noon = new DateTime(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);

        Assert.Null(await a.ReadAsync());
        await a.WriteAsync(noon);
        await b.WriteAsync(noon.AddHours(1));
        await a.WriteAsync(noon.AddHours(2));

        Assert.Equal((noon.AddHours(2), noon.AddHours(1)), (await a.ReadAsync(), await b.ReadAsync()));
    }

    private static void AssertNoNameTwice(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return;
        var names = json.EnumerateObject().Select(p => p.Name).ToList();
        Assert.Equal(names.Distinct(), names);
        foreach (var property in json.EnumerateObject())
            AssertNoNameTwice(property.Value);
    }

    private static JsonElement Json(ReadOnlyMemory<byte> body) => JsonDocument.Parse(body).RootElement;

    private static string Text(ReadOnlyMemory<byte> body) => Encoding.UTF8.GetString(body.Span);
}
