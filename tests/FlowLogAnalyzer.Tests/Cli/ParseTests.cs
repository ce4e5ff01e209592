using System.Text.Json;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Tests.Cli;

public class ParseTests
{
    private const string Blob = """
        {"records":[{"time":"2025-11-16T09:01:41.5Z","systemId":"s","macAddress":"0022482A1B3C","category":"NetworkSecurityGroupFlowEvent","resourceId":"/SUBSCRIPTIONS/0/NSG-USER",
        "operationName":"NetworkSecurityGroupFlowEvents","properties":{"Version":2,"flows":[{"rule":"=cmd|x","flows":[{"mac":"0022482A1B3C","flowTuples":[
        "1763283660,10.10.4.4,10.10.3.4,50001,443,T,I,D,B,,,,","1763283661,10.10.4.4,10.10.3.4,50002,443,T,I,A,E,1,60,2,120"]}]}]}}]}
        """;

    [Fact]
    public async Task A_tuple_is_one_json_object_with_the_lakes_column_names()
    {
        var run = await CliRun.Of(["parse", "-"], Blob);

        Assert.Equal(0, run.ExitCode);
        var rows = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(2, rows.Count);
        Assert.Equal(FlowColumns.All.Select(c => c.Name).Where(name => name != FlowColumns.Partition), rows[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal("Denied", rows[0].GetProperty("state").GetString());
        Assert.Equal("2025-11-16T09:01:00Z", rows[0].GetProperty("time").GetString());
        Assert.Equal(JsonValueKind.Null, rows[0].GetProperty("bytes_sent").ValueKind);
        Assert.Equal(120, rows[1].GetProperty("bytes_received").GetInt64());
    }

    [Fact]
    public async Task Csv_has_a_header_and_disarms_rule_names()
    {
        using var folder = new TempFolder();
        var run = await CliRun.Of("parse", folder.Write("a.json", Blob), "--output", "csv");

        Assert.Equal(0, run.ExitCode);
        var lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("time,mac,src_ip", lines[0], StringComparison.Ordinal);
        Assert.Contains(",'=cmd|x,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_flow_log_is_said_and_the_exit_code_is_4()
    {
        using var folder = new TempFolder();
        var run = await CliRun.Of("parse", folder.Write("a.json", "\u0001\u0002 no log"), folder.Write("b.json", Blob));

        Assert.Equal(4, run.ExitCode);
        Assert.Equal(2, run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("a.json", run.Error, StringComparison.Ordinal);
    }
}
