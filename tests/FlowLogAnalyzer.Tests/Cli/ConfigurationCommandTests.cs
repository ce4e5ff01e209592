namespace FlowLogAnalyzer.Tests.Cli;

[Collection(nameof(LabLake))]
public class ConfigurationCommandTests(LabLake lab)
{
    [Fact]
    public async Task A_suppressed_finding_is_shown_and_fails_nothing()
    {
        var config = lab.Folder.Write("suppress.json", """{ "suppressions": [{ "finding": "LBC-001", "reason": "the rule is ordered", "expires": "2099-01-01" }] }""");

        var json = await CliRun.Of("check", "--lake", lab.Lake, "--only", "LBC-001", "--config", config, "--fail-on", "low", "--output", "json");
        var text = await CliRun.Of("check", "--lake", lab.Lake, "--only", "LBC-001", "--config", config);
        var ocsf = await CliRun.Of("check", "--lake", lab.Lake, "--only", "LBC-001", "--config", config, "--output", "ocsf");

        Assert.Equal(0, json.ExitCode);
        Assert.All(json.Json.EnumerateArray(), f => Assert.Equal("the rule is ordered", f.GetProperty("suppressed").GetProperty("reason").GetString()));
        Assert.NotEmpty(json.Json.EnumerateArray());
        Assert.Contains("SUPPRESSED", text.Out, StringComparison.Ordinal);
        Assert.Contains("the rule is ordered", text.Out, StringComparison.Ordinal);
        Assert.All(ocsf.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains("\"status\":\"Suppressed\"", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_verb_that_asks_the_lake_reads_the_file()
    {
        var config = lab.Folder.Write("everywhere.json", """
            { "pools": { "user": "ingress" }, "suppressions": [{ "finding": "LBC-001", "reason": "the rule is ordered", "expires": "2099-01-01" }] }
            """);
        var strict = lab.Folder.Write("strict.json", """{ "findings": { "LBC-001": { "scan_ports": 1 } } }""");
        string[] Verb(params string[] words) => [.. words, "--lake", lab.Lake, "--config", config];
        const string Roles = "select distinct role from nodes where pool = 'user'";

        var query = await CliRun.Of(Verb("query", "--sql", Roles, "--output", "csv"));
        var sql = await CliRun.Of(Verb("sql", "--output", "csv"), Roles + ";");
        var fix = await CliRun.Of(Verb("fix", "LBC-001", "--output", "json"));
        var report = await CliRun.Of(Verb("report", "--week", "2026-W47"));
        var graph = await CliRun.Of(Verb("graph", "--around", "user"));
        var plain = await CliRun.Of("query", "--lake", lab.Lake, "LBC-001", "--output", "json");
        var threshold = await CliRun.Of("query", "--lake", lab.Lake, "--config", strict, "LBC-001", "--output", "json");

        Assert.Equal(("role\ningress\n", "role\ningress\n"), (query.Out.ReplaceLineEndings("\n"), sql.Out.ReplaceLineEndings("\n")));
        Assert.Empty(fix.Json.EnumerateArray());
        Assert.Contains("Suppressed in flowlog.json", report.Out, StringComparison.Ordinal);
        Assert.Contains("the rule is ordered", report.Out, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), (graph.ExitCode, plain.ExitCode, threshold.ExitCode));
        Assert.True(plain.Json.GetArrayLength() > threshold.Json.GetArrayLength());
    }

    [Fact]
    public async Task An_expired_suppression_is_named_and_has_no_effect()
    {
        var config = lab.Folder.Write("expired.json", """{ "suppressions": [{ "finding": "LBC-001", "reason": "old story", "expires": "2020-01-01" }] }""");

        var run = await CliRun.Of("check", "--lake", lab.Lake, "--only", "LBC-001", "--config", config, "--fail-on", "low");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("old story", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_file_stops_the_check_with_all_its_faults()
    {
        var config = lab.Folder.Write("broken.json", """{ "pools": { "edge": "front" }, "egres": "direct" }""");

        var run = await CliRun.Of("check", "--lake", lab.Lake, "--config", config);
        var missing = await CliRun.Of("check", "--lake", lab.Lake, "--config", lab.Folder["nowhere.json"]);

        Assert.Equal((2, 2), (run.ExitCode, missing.ExitCode));
        Assert.Contains("$.pools.edge", run.Error, StringComparison.Ordinal);
        Assert.Contains("$.egres", run.Error, StringComparison.Ordinal);
        Assert.Contains("nowhere.json", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_leaves_the_edges_it_saw_in_the_lake_and_a_second_one_the_same()
    {
        Assert.Equal(0, (await CliRun.Of("check", "--lake", lab.Lake, "--only", "LAT-010")).ExitCode);
        var files = Directory.GetFiles(Path.Combine(lab.Lake, "baseline"), "*.json", SearchOption.AllDirectories).Length;
        Assert.Equal(0, (await CliRun.Of("check", "--lake", lab.Lake, "--only", "LAT-010")).ExitCode);

        var edges = await CliRun.Of("query", "--lake", lab.Lake, "--output", "json", "--sql", "select count(*) as n, count(distinct day) as days from baseline");
        Assert.True(edges.Json[0].GetProperty("n").GetInt32() > 3);
        Assert.Equal(1, edges.Json[0].GetProperty("days").GetInt32());
        Assert.Equal(files, Directory.GetFiles(Path.Combine(lab.Lake, "baseline"), "*.json", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task A_blast_radius_is_a_page_or_data_and_an_unknown_suspect_is_told()
    {
        var page = await CliRun.Of("blast-radius", "10.10.3.4", "--lake", lab.Lake, "--output", "md");
        var json = await CliRun.Of("blast-radius", "10.10.3.4", "--lake", lab.Lake, "--output", "json");
        var nobody = await CliRun.Of("blast-radius", "nobody", "--lake", lab.Lake);
        var finding = await CliRun.Of("blast-radius", "LAT-007", "--lake", lab.Lake);

        Assert.Equal((0, 0, 2, 2), (page.ExitCode, json.ExitCode, nobody.ExitCode, finding.ExitCode));
        Assert.Contains("## Cutting it off at the source", page.Out, StringComparison.Ordinal);
        Assert.Contains("az network nsg rule create", page.Out, StringComparison.Ordinal);
        Assert.Equal("10.10.3.4", json.Json.GetProperty("sources")[0].GetString());
        Assert.Equal(2, json.Json.GetProperty("containments").GetArrayLength());
        Assert.Contains("nobody", nobody.Error, StringComparison.Ordinal);
        Assert.Contains("LAT-007 was not found", finding.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_graph_is_Mermaid_and_an_unknown_centre_is_told()
    {
        var graph = await CliRun.Of("graph", "--lake", lab.Lake, "--around", "10.10.4.4");
        var nothing = await CliRun.Of("graph", "--lake", lab.Lake, "--around", "nobody");

        Assert.Equal((0, 2), (graph.ExitCode, nothing.ExitCode));
        Assert.StartsWith("flowchart LR\n", graph.Out, StringComparison.Ordinal);
        Assert.StartsWith("<svg ", (await CliRun.Of("graph", "--lake", lab.Lake, "--around", "10.10.4.4", "--output", "svg")).Out, StringComparison.Ordinal);
        Assert.Equal(1, (await CliRun.Of("query", "--lake", lab.Lake, "top_talkers", "--output", "svg")).ExitCode);
        Assert.Contains("-.->", graph.Out, StringComparison.Ordinal);
        Assert.Contains("nobody", nothing.Error, StringComparison.Ordinal);
    }
}
