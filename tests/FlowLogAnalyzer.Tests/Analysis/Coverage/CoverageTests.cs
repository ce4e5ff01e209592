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
