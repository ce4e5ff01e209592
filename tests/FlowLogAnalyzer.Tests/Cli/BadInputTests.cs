using System.Text.Json;

namespace FlowLogAnalyzer.Tests.Cli;

/// <summary>Bad input of all kinds in one run: what is good is kept, what is refused is named, and the exit code says so.</summary>
public class BadInputTests
{
    private static string NsgPath(string mac) =>
        $"insights-logs-networksecuritygroupflowevent/resourceId=/SUBSCRIPTIONS/0/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/NSG-USER/y=2026/m=11/d=16/h=09/m=00/macAddress={mac}/PT1H.json";

    [Fact]
    public async Task Good_rows_are_kept_and_every_refusal_is_named()
    {
        using var folder = new TempFolder();
        Arrange(folder);

        var run = await CliRun.Of("ingest", folder["logs"], "--lake", folder["lake"], "--output", "json");

        Assert.Equal(4, run.ExitCode);
        var blobs = run.Json.GetProperty("blobs");
        Assert.Equal(2, blobs.GetProperty("skipped").GetInt32()); // another kind of log, and an empty file
        Assert.True(blobs.GetProperty("failed").GetInt32() >= 2, run.Out);
        foreach (var refused in new[] { "vault.json", "empty.json", "0022482A1B3D" })
            Assert.Contains(run.Json.GetProperty("refused").EnumerateArray(), r => r.GetProperty("blob").GetString()!.Contains(refused, StringComparison.Ordinal));
        Assert.Contains("vault.json", run.Error, StringComparison.Ordinal);
        Assert.Contains("binary.json", run.Error, StringComparison.Ordinal);
        Assert.Contains("cut off: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("0022482A1B3D", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        AssertConservation(run.Json);
        // Two tuples of the whole blob, two of the whole record in front of the cut.
        Assert.Equal(4, run.Json.GetProperty("rows").GetInt64());
        Assert.Equal(4, (await Count(folder)).GetInt64());
    }

    [Fact]
    public async Task A_few_refused_tuples_are_tolerated_as_far_as_the_user_says()
    {
        using var folder = new TempFolder();
        folder.Write($"logs/{NsgPath("0022482A1B3C")}", Blob(Record(0, Good(1), Good(2), "nonsense")));

        var strict = await CliRun.Of("ingest", folder["logs"], "--lake", folder["a"], "--output", "json");
        var lenient = await CliRun.Of("ingest", folder["logs"], "--lake", folder["b"], "--output", "json", "--max-rejects", "0.5");

        Assert.Equal(4, strict.ExitCode);
        Assert.Equal(0, lenient.ExitCode);
        Assert.Equal(1, lenient.Json.GetProperty("rejected").GetProperty("total").GetInt64());
        AssertConservation(strict.Json);
    }

    /// <summary>tuples seen = rows written + rejected</summary>
    private static void AssertConservation(JsonElement summary)
    {
        var rejected = summary.GetProperty("rejected");
        Assert.Equal(summary.GetProperty("tuples").GetInt64(), summary.GetProperty("rows").GetInt64() + rejected.GetProperty("total").GetInt64());
        Assert.Equal(rejected.GetProperty("total").GetInt64(), rejected.GetProperty("byReason").EnumerateObject().Sum(reason => reason.Value.GetInt64()));
    }

    private static void Arrange(TempFolder folder)
    {
        folder.Write($"logs/{NsgPath("0022482A1B3C")}", Blob(Record(0, Good(1), Good(2))));
        var cut = Blob(Record(0, Good(3), Good(4)), Record(1, Good(5)));
        folder.Write($"logs/{NsgPath("0022482A1B3D")}", cut[..^40]);
        folder.Write("logs/vault.json", """
            {"time":"2026-11-16T09:00:01Z","category":"AuditEvent","operationName":"SecretGet","resourceId":"/SUBSCRIPTIONS/0/VAULTS/KV","resultType":"Success"}
            {"time":"2026-11-16T09:00:02Z","category":"AuditEvent","operationName":"SecretGet","resourceId":"/SUBSCRIPTIONS/0/VAULTS/KV","resultType":"Success"}
            """);
        File.WriteAllBytes(folder["logs", "binary.json"], [0x7F, 0x45, 0x4C, 0x46, 0, 1, 2, 3, 0xFF, 0xFE]);
        folder.Write("logs/empty.json", "");
        if (OperatingSystem.IsWindows())
            return;

        // Rights do not stop root: a link that leads nowhere cannot be read by anybody.
        File.CreateSymbolicLink(folder["logs", "dangling.json"], folder["logs", "nowhere.json"]);
        if (Environment.UserName != "root")
            Directory.CreateDirectory(folder["logs", "closed"], UnixFileMode.None);
    }

    private static async Task<JsonElement> Count(TempFolder folder)
    {
        var run = await CliRun.Of("query", "--lake", folder["lake"], "--sql", "select count(*) as n from tuples", "--output", "json");
        Assert.Equal(0, run.ExitCode);
        return run.Json[0].GetProperty("n");
    }

    private static string Good(int port) => $"1763283660,10.10.4.4,10.10.3.4,{50000 + port},443,T,I,A,B,,,,";

    private static string Record(int minute, params string[] tuples) =>
        $$$"""
        {"time":"2025-11-16T09:{{{minute:00}}}:41.5Z","systemId":"s","macAddress":"0022482A1B3C","category":"NetworkSecurityGroupFlowEvent",
        "resourceId":"/SUBSCRIPTIONS/0/NSG-USER","operationName":"NetworkSecurityGroupFlowEvents","properties":{"Version":2,"flows":[
        {"rule":"UserRule_x","flows":[{"mac":"0022482A1B3C","flowTuples":[{{{string.Join(',', tuples.Select(t => $"\"{t}\""))}}}]}]}]}}
        """;

    private static string Blob(params string[] records) => $"{{\"records\":[{string.Join(',', records)}]}}";
}
