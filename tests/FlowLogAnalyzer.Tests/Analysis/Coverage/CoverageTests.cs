using System.Text.Json;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Tests.Cli;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Analysis.Coverage;

/// <summary>The real program over the lab's logs, of which something is taken away.</summary>
public sealed class CoverageTests : IDisposable
{
    private const string Ingress = "000D3A2A1025";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Logs_that_lack_nothing_are_graded_A()
    {
        var hours = await GradesAsync(_ => { });

        Assert.All(hours, h => Assert.Equal(("A", 1, 1, 0), (Text(h, "grade"), Int(h, "expected"), Int(h, "blobs"), Int(h, "rejected"))));
        Assert.Equal(4, hours.Count);
    }

    [Fact]
    public async Task A_node_without_a_blob_is_a_D_and_says_why()
    {
        var hours = await GradesAsync(blob => File.Delete(blob));

        var hour = Of(hours, Ingress);
        Assert.Equal(("D", 1, 0), (Text(hour, "grade"), Int(hour, "expected"), Int(hour, "blobs")));
        Assert.Contains("never silent", Text(hour, "notes"), StringComparison.Ordinal);
        Assert.Equal(3, hours.Count(h => Text(h, "grade") == "A"));
    }

    [Fact]
    public async Task A_blob_that_is_cut_is_a_C()
    {
        var hour = Of(await GradesAsync(blob => File.WriteAllBytes(blob, File.ReadAllBytes(blob)[..^5000])), Ingress);

        Assert.Equal("C", Text(hour, "grade"));
        Assert.True(Int(hour, "bytes_parsed") < Int(hour, "bytes"));
        Assert.Contains("middle of a record", Text(hour, "notes"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rejected_tuples_are_counted_and_grade_down()
    {
        var hour = Of(await GradesAsync(blob => Replace(blob, ",T,I,", "99999,T,I,")), Ingress);

        Assert.Equal("C", Text(hour, "grade"));
        Assert.Equal(Int(hour, "tuples") - Int(hour, "rows"), Int(hour, "rejected"));
        Assert.Contains("were rejected", Text(hour, "notes"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_was_written_twice_is_a_B()
    {
        var hour = Of(await GradesAsync(blob =>
        {
            var text = File.ReadAllText(blob);
            var second = text.IndexOf(",{\"time\"", 20, StringComparison.Ordinal);
            File.WriteAllText(blob, text[..second] + "," + text["{\"records\":[".Length..second] + text[second..]);
        }), Ingress);

        Assert.Equal("B", Text(hour, "grade"));
        Assert.InRange(Int(hour, "repeated"), 10, 1000);
    }

    [Fact]
    public async Task Minutes_without_a_record_are_counted()
    {
        var hour = Of(await GradesAsync(blob =>
        {
            using var json = JsonDocument.Parse(File.ReadAllText(blob));
            var records = json.RootElement.GetProperty("records").EnumerateArray().Select(r => r.GetRawText()).ToList();
            File.WriteAllText(blob, LogBlobs.Whole([.. records[..2], .. records[^2..]]));
        }), Ingress);

        Assert.Equal("B", Text(hour, "grade"));
        Assert.InRange(Int(hour, "silent_minutes"), 7, 20);
    }

    [Fact]
    public async Task One_level_of_two_is_a_C_and_names_the_other()
    {
        var hours = await GradesAsync(_ => { }, managedNicNsg: true);
        Assert.All(hours.Where(h => Text(h, "name")!.StartsWith("aks", StringComparison.Ordinal)), h => Assert.Equal(("A", 2, 2), (Text(h, "grade"), Int(h, "expected"), Int(h, "blobs"))));

        using var other = new TemporaryFolder();
        hours = await GradesAsync(blob => File.Delete(blob), other, managedNicNsg: true);
        var hour = Of(hours, Ingress);
        Assert.Equal(("C", 2, 1), (Text(hour, "grade"), Int(hour, "expected"), Int(hour, "blobs")));
        Assert.Contains("guards this NIC too", Text(hour, "notes"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_came_between_two_snapshots_is_expected_from_its_first_blob_on()
    {
        var (logs, lake) = (_folder["logs"], _folder["lake"]);
        LabRunner.Write(LabScenarios.Find("client-denied")!, new LabOptions { Minutes = 5 }, Path.Combine(logs, "one"));
        LabRunner.Write(LabScenarios.Find("lateral-movement")!, new LabOptions { Minutes = 5, Start = LabOptions.DefaultStart.AddDays(1) }, Path.Combine(logs, "two"));
        await RunAsync(["ingest", logs, "--lake", lake]);
        await RunAsync(["inventory", "import", Path.Combine(logs, "one", "inventory"), Path.Combine(logs, "two", "inventory"), "--lake", lake]);

        var run = await RunAsync(["lake", "coverage", "--by-hour", "--lake", lake, "--output", "json"]);

        var grades = run.Json.EnumerateArray().Select(h => (h.GetProperty("hour").GetDateTime().Day, Text(h, "grade"))).ToLookup(h => h.Day, h => h.Item2);
        Assert.Equal((4, 12), (grades.Min(g => g.Count()), grades.Max(g => g.Count())));
        Assert.All(grades.SelectMany(g => g), grade => Assert.Equal("A", grade));
    }

    [Fact]
    public async Task A_finding_carries_the_worst_grade_of_the_place_and_time_it_speaks_of()
    {
        await GradesAsync(blob => File.WriteAllBytes(blob, File.ReadAllBytes(blob)[..^5000]));
        string[] check = ["check", "--only", "LBC-001,LBP-002,OBS-004", "--lake", _folder["lake"]];

        var findings = (await RunAsync([.. check, "--output", "json"])).Json.EnumerateArray().ToList();
        var text = (await RunAsync(check)).Out;

        var onSystem = findings.Single(f => Text(f, "id") == "LBC-001" && f.GetProperty("evidence").GetProperty("nsg").GetString() == "nsg-system");
        var everywhere = findings.First(f => Text(f, "id") == "OBS-004");
        Assert.Equal(("A", "C"), (Grade(onSystem), Grade(everywhere)));
        Assert.DoesNotContain(onSystem.GetProperty("limits").EnumerateArray(), IsGrade);
        Assert.Contains("graded C, for 1 of 4 NIC hours: A blob ends in the middle of a record.", everywhere.GetProperty("limits").EnumerateArray().Single(IsGrade).GetString(), StringComparison.Ordinal);
        Assert.Equal("sql", findings[0].GetProperty("evidence").EnumerateObject().Last().Name);
        Assert.Contains("Coverage  A: nothing is missing", text, StringComparison.Ordinal);
        Assert.Contains("Coverage  C: one side is missing", text, StringComparison.Ordinal);

        static string? Grade(JsonElement finding) => finding.GetProperty("evidence").GetProperty("coverage").GetString();
        static bool IsGrade(JsonElement limit) => limit.GetString()!.Contains(" graded ", StringComparison.Ordinal);
    }

    private Task<List<JsonElement>> GradesAsync(Action<string> harm, bool managedNicNsg = false) => GradesAsync(harm, _folder, managedNicNsg);

    /// <summary>Makes logs, harms one blob of the ingress node, and asks for the grades.</summary>
    private static async Task<List<JsonElement>> GradesAsync(Action<string> harm, TemporaryFolder folder, bool managedNicNsg)
    {
        var (logs, lake) = (folder["logs"], folder["lake"]);
        LabRunner.Write(LabScenarios.Find("client-denied")!, new LabOptions { Minutes = 20, ManagedNicNsg = managedNicNsg }, logs);
        harm(Directory.GetFiles(logs, "PT1H.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First(f => f.Contains(Ingress, StringComparison.Ordinal)));
        await CliRun.Of("ingest", logs, "--lake", lake); // says itself what is wrong with harmed blobs
        await RunAsync(["inventory", "import", Path.Combine(logs, "inventory"), "--lake", lake]);
        var run = await RunAsync(["lake", "coverage", "--by-hour", "--lake", lake, "--output", "json"]);
        return [.. run.Json.EnumerateArray()];
    }

    private static async Task<CliRun> RunAsync(string[] arguments)
    {
        var run = await CliRun.Of(arguments);
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }

    private static void Replace(string blob, string what, string by) => File.WriteAllText(blob, File.ReadAllText(blob).Replace(what, by, StringComparison.Ordinal));

    private static JsonElement Of(List<JsonElement> hours, string mac) => hours.Single(h => Text(h, "mac") == mac);

    private static string? Text(JsonElement hour, string name) => hour.GetProperty(name).GetString();

    private static int Int(JsonElement hour, string name) => hour.GetProperty(name).GetInt32();
}
