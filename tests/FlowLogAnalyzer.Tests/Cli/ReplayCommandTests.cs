using System.Text.Json;

namespace FlowLogAnalyzer.Tests.Cli;

/// <summary>replay, fix and explain as a user types them.</summary>
[Collection(nameof(LabLake))]
public class ReplayCommandTests(LabLake lab)
{
    [Fact]
    public async Task The_self_check_agrees_with_the_whole_lake()
    {
        var run = await CliRun.Of("replay", "--current", "--lake", lab.Lake, "--output", "json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(1.0, run.Json.GetProperty("agreement").GetDouble());
        Assert.True(run.Json.GetProperty("agreed").GetInt64() > 1000);
        Assert.Equal(lab.Ingest.Json.GetProperty("rows").GetInt64(), run.Json.GetProperty("rows").GetInt64());
    }

    [Fact]
    public async Task Rules_that_cut_what_AKS_requires_make_the_exit_code_3_and_others_do_not()
    {
        var nsgs = Directory.EnumerateFiles(Path.Combine(lab.Logs, "inventory"), "nsg-list.json", SearchOption.AllDirectories).Single();
        using var folder = new TempFolder();
        var proposed = folder.Write("proposed.json", File.ReadAllText(nsgs).Replace("\"AzureLoadBalancer\"", "\"10.99.0.0/24\"", StringComparison.Ordinal));

        var same = await CliRun.Of("replay", "--nsg", nsgs, "--lake", lab.Lake, "--output", "json");
        var worse = await CliRun.Of("replay", "--nsg", proposed, "--lake", lab.Lake, "--output", "md");

        Assert.Equal(0, same.ExitCode);
        Assert.Empty(same.Json.GetProperty("flips").EnumerateArray());
        Assert.Equal(3, worse.ExitCode);
        Assert.Contains("health probe of the load balancer", worse.Out, StringComparison.Ordinal);
        Assert.Contains("leave rotation", worse.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fix_is_printed_as_the_form_that_was_asked_for()
    {
        var json = await CliRun.Of("fix", "LBC-001", "--lake", lab.Lake, "--output", "json");
        var bundle = Assert.Single(json.Json.EnumerateArray());
        var az = await CliRun.Of("fix", "LBC-001", "--as", "az", "--lake", lab.Lake);
        var bicep = await CliRun.Of("fix", "LBC-001", "--as", "bicep", "--lake", lab.Lake);

        Assert.Equal((0, 0, 0), (json.ExitCode, az.ExitCode, bicep.ExitCode));
        Assert.Equal(2, bundle.GetProperty("steps").GetArrayLength());
        Assert.Equal(0, bundle.GetProperty("proof").GetProperty("stillDenied").GetInt64());
        Assert.True(bundle.GetProperty("proof").GetProperty("repaired").GetInt64() > 0);
        Assert.All(az.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.True(line.StartsWith('#') || line.StartsWith("az ", StringComparison.Ordinal) || line.StartsWith("  --", StringComparison.Ordinal), line));
        Assert.Contains("Microsoft.Network/networkSecurityGroups/securityRules", bicep.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_carries_the_proved_fix()
    {
        var run = await CliRun.Of("check", "--only", "LBC-001", "--lake", lab.Lake, "--output", "json");

        var fix = run.Json.EnumerateArray().First().GetProperty("fix");
        Assert.All(new[] { "summary", "bicep", "terraform" }, name => Assert.NotEqual("", fix.GetProperty(name).GetString()));
        Assert.Equal(2, fix.GetProperty("az").GetArrayLength());
        Assert.Equal(["repaired", "alsoAdmitted", "stillDenied"], fix.GetProperty("proof").EnumerateObject().Select(p => p.Name));
        Assert.Equal(JsonValueKind.Array, fix.GetProperty("proof").GetProperty("alsoAdmitted").ValueKind);
    }

    [Fact]
    public async Task A_connection_and_a_finding_are_explained_hop_by_hop()
    {
        var connection = await CliRun.Of("explain", "10.10.4.4", "10.10.2.100", "80", "--lake", lab.Lake, "--output", "json");
        var finding = await CliRun.Of("explain", "LBC-001", "--lake", lab.Lake);

        Assert.Equal((0, 0), (connection.ExitCode, finding.ExitCode));
        Assert.Equal(5, connection.Json[0].GetProperty("path").GetProperty("hops").GetArrayLength());
        Assert.Contains("DenyAllOtherInbound (priority 4000)", finding.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Service_is_repaired_by_name_and_one_that_is_not_there_is_named_with_those_that_are()
    {
        var known = await CliRun.Of("fix", "ingress/ingress-nginx-controller", "--lake", lab.Lake, "--output", "json");
        var unknown = await CliRun.Of("fix", "shop/api", "--lake", lab.Lake);

        Assert.Equal("ingress/ingress-nginx-controller", known.Json[0].GetProperty("service").GetString());
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("Known are ingress/ingress-nginx-controller", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tags_come_from_files_and_a_bad_one_says_what_is_wrong()
    {
        using var folder = new TempFolder();
        var good = folder.Write("tags.json", """{ "VirtualNetwork": ["10.10.0.0/16", "168.63.129.16", "10.244.0.0/16"] }""");
        var bad = folder.Write("bad.json", """{ "VirtualNetwork": ["everything"] }""");

        var run = await CliRun.Of("replay", "--current", "--tags", good, "--lake", lab.Lake, "--output", "json");
        var explained = await CliRun.Of("explain", "10.10.4.4", "10.10.2.100", "80", "--tags", good, "--lake", lab.Lake, "--output", "json");
        var refused = await CliRun.Of("replay", "--current", "--tags", bad, "--lake", lab.Lake);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(run.Json.GetProperty("tags").EnumerateArray(), t => t.GetString()!.StartsWith("VirtualNetwork: tag map of the user", StringComparison.Ordinal));
        Assert.Equal(0, explained.ExitCode);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("'VirtualNetwork' holds 'everything'", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_range_of_expected_clients_comes_from_flowlog_json()
    {
        using var folder = new TempFolder();
        var config = folder.Write("flowlog.json", """{ "expectedClients": { "ingress/ingress-nginx-controller": ["10.10.4.0/23"] } }""");

        var run = await CliRun.Of("fix", "LBC-001", "--config", config, "--lake", lab.Lake, "--output", "json");

        Assert.All(run.Json[0].GetProperty("steps").EnumerateArray(), s => Assert.Equal("10.10.4.0/23", s.GetProperty("sources")[0].GetString()));
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("explain", "10.10.4.4", "10.10.2.100")]
    [InlineData("explain", "XYZ-1")]
    [InlineData("fix", "XYZ-1")]
    public async Task What_cannot_be_understood_is_a_usage_error_with_a_sentence(params string[] arguments)
    {
        var run = await CliRun.Of([.. arguments, "--lake", lab.Lake]);

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Out);
        Assert.NotEmpty(run.Error);
    }
}
