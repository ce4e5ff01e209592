using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Findings.Exports;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>Findings in the format asked for; the JSON is a contract (README, "The command line").</summary>
internal static class FindingOutput
{
    private static readonly string[] Columns =
        ["id", "severity", "confidence", "title", "subject", "first_seen", "last_seen", "count", "explanation", "fix", "evidence"];

    public static Task WriteAsync(CheckResult result, Invocation call, CancellationToken ct) => call.Format switch
    {
        OutputFormat.Json => WriteJsonAsync(result, call.Host.Out),
        OutputFormat.JsonLines => WriteJsonLinesAsync(result, call.Host.Out),
        OutputFormat.Csv => CsvOutput.WriteAsync(ResultSet.Of(Columns, result.Findings.Select(Row)), call.Host.Out, ct),
        OutputFormat.Markdown => FindingMarkdown.WriteAsync(result, call.LakeName, call.Host.Out),
        OutputFormat.Ocsf => WriteOcsfAsync(result, call.Host.Out),
        _ => WriteText(result, call.LakeName, call.Host),
    };

    private static Task WriteText(CheckResult result, string lake, CliHost host)
    {
        FindingText.Write(result, lake, host);
        return Task.CompletedTask;
    }

    private static Task WriteJsonAsync(CheckResult result, TextWriter output) => output.WriteLineAsync(JsonOutput.Text(
        json =>
        {
            json.WriteStartArray();
            foreach (var finding in result.Findings)
                FindingJson.Write(json, finding);
            json.WriteEndArray();
        },
        indented: true));

    private static async Task WriteJsonLinesAsync(CheckResult result, TextWriter output)
    {
        foreach (var finding in result.Findings)
            await output.WriteLineAsync(JsonOutput.Text(json => FindingJson.Write(json, finding)));
    }

    private static async Task WriteOcsfAsync(CheckResult result, TextWriter output)
    {
        foreach (var finding in result.Findings)
            await output.WriteLineAsync(JsonOutput.Text(json => OcsfFindings.Write(json, finding)));
    }

    private static object?[] Row(Finding finding) =>
    [
        finding.Id, FindingJson.Word(finding.Severity), FindingJson.Word(finding.Confidence), finding.Title, finding.Subject, finding.FirstSeen,
        finding.LastSeen, finding.Count, finding.Explanation, finding.Fix?.Summary,
        JsonOutput.Text(finding.Evidence.ToDictionary(e => e.Key, e => e.Value)),
    ];
}
