namespace FlowLogAnalyzer.Tests.Cli;

/// <summary>Nothing was looked at is never success: every way to it, with exit code and message, and what is near to it and is fine.</summary>
public class NothingLookedAtTests(EmptyLakes lakes) : IClassFixture<EmptyLakes>
{
    private const string NoRows = "The lake has no flow logs, so no recorded flow was looked at. Read some: flowlog ingest SOURCE.";
    private const string NoInventory = "The lake has no inventory, so nothing about nodes, Services and NSG rules was looked at.";
    private const string NoRules = "The inventory has no NSGs, so no rule was looked at.";
    private const string Later = "--since 2026-12-01T00:00Z";
    private const string NotSince = "The lake has no flow logs since 2026-12-01T00:00:00Z, so no recorded flow was looked at. It has those from 2026-11-16T09:00:0";
    private const string Fine = "";

    public static TheoryData<string, int, string> Situations => new()
    {
        { "check --lake {whole}", 0, Fine },
        { "check --lake {whole} --fail-on high", 3, Fine },
        { "check --lake {inventory-only}", 5, NoRows },
        { "check --lake {inventory-only} --output json", 5, NoRows },
        { "check --lake {inventory-only} --only OBS-004", 5, NoRows },
        { "check --lake {inventory-only} --allow-empty", 0, NoRows },
        { "check --lake {whole} " + Later, 5, NotSince },
        { "check --lake {whole} --fail-on high " + Later, 5, NotSince },
        { "check --lake {whole} --until 2026-11-01T00:00Z", 5, "no flow logs before 2026-11-01T00:00:00Z" },
        { "check --lake {whole} --since 2026-11-10T00:00Z --until 2026-11-11T00:00Z", 5, "no flow logs from 2026-11-10T00:00:00Z until 2026-11-11T00:00:00Z" },
        { "check --lake {whole} --since 2d --until 1d", 5, "choose --since and --until within that time" },
        { "check --lake {logs-only}", 5, NoInventory },
        { "check --lake {logs-only} --fail-on info", 3, NoInventory },
        { "check --lake {logs-only} --only OBS-004", 0, Fine },
        { "check --lake {logs-only} --only LBC-001", 5, NoInventory },
        { "check --lake {logs-only} --allow-empty", 0, NoInventory },
        { "check --lake {nodes-only} --only LBC-001,OBS-004", 0, Fine },
        { "check --lake {nodes-only} --only LBC-001", 5, "LBC-001 could not be looked for." },
        { "check --lake {nodes-only} --only NSG-002", 5, "NSG-002 could not be looked for." },
        { "check --lake {nowhere}", 2, "There is no lake in" },
        { "report --lake {whole} --week 2026-W47", 0, Fine },
        { "report --lake {whole} --week 2026-W40", 5, "no flow logs from 2026-09-28T00:00:00Z until 2026-10-05T00:00:00Z" },
        { "report --lake {whole} --week 2026-W40 --allow-empty", 0, "no flow logs from 2026-09-28" },
        { "report --lake {inventory-only} --week 2026-W47", 5, NoRows },
        { "report --lake {logs-only} --week 2026-W47", 5, NoInventory },
        { "report --lake {whole} --week 2026-W60", 1, "--week" },
        { "replay --current --lake {whole}", 0, Fine },
        { "replay --current --lake {whole} " + Later, 5, NotSince },
        { "replay --current --lake {inventory-only}", 5, NoRows },
        { "replay --current --lake {logs-only}", 5, NoInventory },
        { "replay --current --lake {nodes-only}", 5, NoRules },
        { "replay --nsg {lab}/inventory --lake {whole}", 2, "There is no file" },
        { "replay --nsg {files}/none.json --lake {whole}", 5, "There is no NSG in none.json, so no rule was tried." },
        { "replay --nsg {files}/list.json --lake {whole}", 5, "There is no NSG in list.json" },
        { "replay --nsg {files}/other-kind.json --lake {whole}", 5, "There is no NSG in other-kind.json" },
        { "replay --nsg {files}/none.json {files}/list.json --lake {whole}", 5, "There is no NSG in none.json, list.json" },
        { "replay --nsg {files}/other-nsg.json --lake {whole}", 5, "None of the NSGs in other-nsg.json (nsg-elsewhere) has the id or the name of one in the inventory" },
        { "replay --nsg {files}/other-nsg.json --lake {whole} --allow-empty", 0, Fine },
        { "replay --nsg {files}/other-nsg.json --lake {logs-only}", 5, NoInventory },
        { "replay --nsg {files}/text.json --lake {whole}", 2, "text.json is not JSON" },
        { "replay --nsg {files}/missing.json --lake {whole}", 2, "There is no file" },
        { "replay --lake {whole}", 1, "Give --current" },
        { "fix --lake {whole}", 0, Fine },
        { "fix --lake {whole} " + Later, 5, NotSince },
        { "fix --lake {inventory-only}", 5, NoRows },
        { "fix ingress/ingress-nginx-controller --lake {inventory-only}", 5, NoRows },
        { "fix ingress/ingress-nginx-controller --lake {inventory-only} --allow-empty", 0, NoRows },
        { "fix --lake {logs-only}", 5, NoInventory },
        { "fix LBC-001 --lake {nodes-only}", 5, NoRules },
        { "fix shop/nothing --lake {whole}", 2, "No load balancer has a Service shop/nothing" },
        { "explain 10.10.4.4 10.10.2.100 80 --lake {whole}", 0, Fine },
        { "explain 10.10.4.4 10.10.2.100 80 --lake {inventory-only}", 5, NoRows },
        { "explain 10.10.4.4 10.10.2.100 80 --lake {logs-only}", 5, NoInventory },
        { "explain 10.10.4.4 10.10.2.100 80 --lake {nodes-only}", 5, NoRules },
        { "explain LBC-001 --lake {whole}", 0, Fine },
        { "explain LBC-001 --lake {inventory-only}", 5, NoRows },
        { "explain LBC-001 --lake {logs-only}", 5, NoInventory },
        { "graph --around user --lake {inventory-only}", 5, NoRows },
        { "blast-radius user --lake {logs-only}", 5, NoInventory },
        { "blast-radius user --lake {inventory-only}", 5, NoRows },
        { "blast-radius LAT-001 --lake {inventory-only}", 5, NoRows },
        { "query denied_by_rule --lake {inventory-only}", 5, NoRows },
        { "query top_talkers --lake {whole} " + Later, 5, NotSince },
        { "query --sql select/**/count(*)from/**/tuples --lake {inventory-only}", 5, NoRows },
        { "query --sql select/**/count(*)from/**/nodes --lake {inventory-only}", 0, Fine },
        { "incidents --lake {inventory-only}", 5, NoRows },
        { "incidents --lake {logs-only}", 5, NoInventory },
        { "show LBC-001 --lake {logs-only}", 5, NoInventory },
        { "evidence LBC-001 --lake {inventory-only}", 5, NoRows },
        { "lake coverage --lake {whole}", 0, Fine },
        { "lake coverage --lake {logs-only}", 0, Fine },
        { "lake coverage --lake {whole} " + Later, 5, NotSince },
        { "lake coverage --lake {whole} --allow-empty " + Later, 0, NotSince },
        { "lake coverage --lake {inventory-only}", 5, NoRows },
        { "lake history --lake {whole}", 0, Fine },
        { "lake history --lake {whole} --table nothing", 5, "has no table 'nothing': nothing was looked at" },
        { "lake verify --lake {whole}", 0, Fine },
        { "lake verify --lake {nowhere}", 2, "There is no lake in" },
    };

    [Theory, MemberData(nameof(Situations))]
    public async Task A_run_that_looked_at_nothing_says_so_and_fails(string line, int code, string message)
    {
        var run = await InProcessCli.Of(lakes.Command(line).Split(' '));

        Assert.True(code == run.ExitCode, $"{run.ExitCode}: {run.Error}");
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("No findings.", code == 5 ? run.Out : "", StringComparison.Ordinal);
        Assert.Equal(code is 1 or 2 or 5, run.Error.Contains("flowlog: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_found_without_an_inventory_is_printed_all_the_same()
    {
        var run = await InProcessCli.Of("check", "--lake", lakes.Command("{logs-only}"), "--output", "json");

        Assert.Equal(5, run.ExitCode);
        Assert.Contains(run.Json.EnumerateArray(), f => f.GetProperty("id").GetString() == "OBS-004");
    }

    [Fact]
    public async Task A_report_on_a_week_without_logs_says_that_first()
    {
        var run = await InProcessCli.Of("report", "--lake", lakes.Command("{whole}"), "--week", "2026-W40");

        var text = run.Out[run.Out.IndexOf("# Flow logs", StringComparison.Ordinal)..];
        Assert.InRange(text.IndexOf("so no recorded flow was looked at", StringComparison.Ordinal), 0, 400);
        Assert.DoesNotContain("There are no findings", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing was found", text, StringComparison.Ordinal);
    }
}
