using System.Text.Json;

namespace FlowLogAnalyzer.Tests.Cli;

/// <summary>From the lab's logs to findings, verb by verb, as a user types them.</summary>
[Collection(nameof(LabLake))]
public class EndToEndTests(LabLake lab)
{
    [Fact]
    public void Every_verb_on_the_way_is_fine()
    {
        Assert.Equal((0, 0, 0), (lab.Lab.ExitCode, lab.Ingest.ExitCode, lab.Import.ExitCode));
    }

    [Fact]
    public void The_lake_has_as_many_rows_as_the_lab_wrote_tuples()
    {
        var tuples = lab.Lab.Json[0].GetProperty("tuples").GetInt64();

        Assert.True(tuples > 0);
        Assert.Equal(tuples, lab.Ingest.Json.GetProperty("tuples").GetInt64());
        Assert.Equal(tuples, lab.Ingest.Json.GetProperty("rows").GetInt64());
    }

    [Fact]
    public async Task The_summary_of_ingest_has_the_names_that_scripts_rely_on()
    {
        var again = (await CliRun.Of("ingest", lab.Logs, "--lake", lab.Lake, "--output", "json")).Json;

        foreach (var name in new[] { "records", "tuples", "rows", "bytesRead", "files", "seconds" })
            Assert.Equal(JsonValueKind.Number, again.GetProperty(name).ValueKind);
        Assert.Equal(0, again.GetProperty("rejected").GetProperty("total").GetInt64());
        Assert.Equal(JsonValueKind.Object, again.GetProperty("rejected").GetProperty("byReason").ValueKind);
        var blobs = again.GetProperty("blobs");
        Assert.Equal(blobs.GetProperty("seen").GetInt32(), blobs.GetProperty("unchanged").GetInt32());
        Assert.Equal((0, 0, 0), (blobs.GetProperty("read").GetInt32(), blobs.GetProperty("skipped").GetInt32(), blobs.GetProperty("failed").GetInt32()));
        Assert.Equal(0, again.GetProperty("rows").GetInt64());
    }

    [Fact]
    public async Task Findings_as_json_keep_the_contract()
    {
        var run = await CliRun.Of("check", "--lake", lab.Lake, "--output", "json");

        Assert.Equal(0, run.ExitCode);
        Assert.NotEmpty(run.Json.EnumerateArray());
        foreach (var finding in run.Json.EnumerateArray())
        {
            Assert.Contains(finding.GetProperty("severity").GetString(), new[] { "info", "low", "medium", "high", "critical" });
            Assert.Contains(finding.GetProperty("confidence").GetString(), new[] { "low", "medium", "high" });
            foreach (var name in new[] { "id", "title", "subject", "firstSeen", "lastSeen", "explanation" })
                Assert.NotEqual("", finding.GetProperty(name).GetString());
            Assert.EndsWith("Z", finding.GetProperty("firstSeen").GetString(), StringComparison.Ordinal);
            Assert.Equal(JsonValueKind.Number, finding.GetProperty("count").ValueKind);
            Assert.Equal(JsonValueKind.Array, finding.GetProperty("limits").ValueKind);
            Assert.Equal(JsonValueKind.Array, finding.GetProperty("attack").ValueKind);
        }
    }

    [Fact]
    public async Task The_sql_of_a_finding_returns_as_many_rows_as_it_counts()
    {
        var findings = (await CliRun.Of("check", "--lake", lab.Lake, "--output", "json")).Json.EnumerateArray()
            .Where(f => f.GetProperty("evidence").TryGetProperty("sql", out _)).ToList();

        Assert.NotEmpty(findings);
        foreach (var finding in findings)
        {
            var sql = finding.GetProperty("evidence").GetProperty("sql").GetString()!;
            var rows = await CliRun.Of("query", "--lake", lab.Lake, "--sql", sql, "--output", "jsonl");
            Assert.Equal(finding.GetProperty("count").GetInt64(), rows.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        }
    }

    [Fact]
    public async Task Fail_on_makes_the_exit_code_3_and_the_output_stays_the_same()
    {
        var plain = await CliRun.Of("check", "--lake", lab.Lake, "--only", "LBC-001", "--output", "json");
        var failing = await CliRun.Of("check", "--lake", lab.Lake, "--only", "LBC-001", "--output", "json", "--fail-on", "low");

        Assert.Equal(0, plain.ExitCode);
        Assert.Equal(3, failing.ExitCode);
        Assert.Equal(plain.Out, failing.Out);
        Assert.All(failing.Json.EnumerateArray(), f => Assert.Equal("LBC-001", f.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task A_window_without_rows_has_no_findings_of_requests()
    {
        var run = await CliRun.Of("check", "--lake", lab.Lake, "--only", "LBC-001", "--until", "2020-01-01", "--output", "json");

        Assert.Equal("[]", run.Out.Trim());
    }

    [Fact]
    public async Task The_text_for_people_names_the_nsg_and_the_next_command()
    {
        var run = await CliRun.Of("check", "--lake", lab.Lake, "--only", "LBC-001");

        Assert.Contains("LBC-001", run.Out, StringComparison.Ordinal);
        Assert.Contains("NSG nsg-", run.Out, StringComparison.Ordinal);
        Assert.Contains("flowlog query --lake", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out);
    }

    [Fact]
    public async Task Queries_cannot_leave_the_lake()
    {
        var secret = lab.Folder.Write("secret.csv", "a\n1\n");

        var read = await CliRun.Of("query", "--lake", lab.Lake, "--sql", $"select * from read_csv('{secret}')");
        var write = await CliRun.Of("query", "--lake", lab.Lake, "--sql", $"copy (select 1) to '{lab.Folder["out.csv"]}'");

        Assert.Equal((2, 2), (read.ExitCode, write.ExitCode));
        Assert.Equal("", read.Out + write.Out);
        Assert.False(File.Exists(lab.Folder["out.csv"]));
    }

    [Fact]
    public async Task The_environment_names_the_lake()
    {
        var run = await CliRun.Of(["query", "--sql", "select count(*) as n from tuples", "--output", "csv"], null, ("FLOWLOG_LAKE", lab.Lake));

        Assert.Equal($"n\n{lab.Ingest.Json.GetProperty("rows").GetInt64()}\n", run.Out);
    }

    [Fact]
    public async Task Parse_says_what_the_lake_says()
    {
        var blob = Directory.GetFiles(lab.Logs, "PT1H.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        var parsed = await CliRun.Of("parse", blob, "--output", "csv");
        var key = parsed.Out.Split('\n')[1].Split(',')[25];

        var stored = await CliRun.Of(
            "query", "--lake", lab.Lake, "--output", "csv",
            "--sql", $"select * exclude (event_date) from lake_tuples where blob = '{key}' order by record_index, tuple_index");

        Assert.Equal(parsed.Out, stored.Out);
    }

    [Fact]
    public async Task Compacting_and_vacuuming_keep_every_row()
    {
        using var folder = new TempFolder();
        var blobs = Directory.GetFiles(lab.Logs, "PT1H.json", SearchOption.AllDirectories);
        foreach (var blob in blobs)
            Assert.Equal(0, (await CliRun.Of("ingest", blob, "--lake", folder["lake"])).ExitCode);
        var before = (await CliRun.Of("lake", "info", "--lake", folder["lake"], "--output", "json")).Json[0];

        var compact = (await CliRun.Of("lake", "compact", "--before", "2030-01-01", "--lake", folder["lake"], "--output", "json")).Json[0];
        var vacuum = await CliRun.Of("lake", "vacuum", "--keep-days", "0", "--lake", folder["lake"], "--output", "json");

        var after = (await CliRun.Of("lake", "info", "--lake", folder["lake"], "--output", "json")).Json[0];
        Assert.Equal(blobs.Length, before.GetProperty("files").GetInt32());
        Assert.Equal((blobs.Length, 1), (compact.GetProperty("files_before").GetInt32(), compact.GetProperty("files_after").GetInt32()));
        Assert.Equal(blobs.Length, vacuum.Json.GetArrayLength());
        Assert.Equal(1, after.GetProperty("files").GetInt32());
        Assert.Equal(before.GetProperty("rows").GetInt64(), after.GetProperty("rows").GetInt64());
        var count = await CliRun.Of("query", "--lake", folder["lake"], "--sql", "select count(*) as n from tuples", "--output", "json");
        Assert.Equal(before.GetProperty("rows").GetInt64(), count.Json[0].GetProperty("n").GetInt64());
    }
}
