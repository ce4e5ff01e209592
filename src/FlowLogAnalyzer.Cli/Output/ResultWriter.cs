using FlowLogAnalyzer.Cli.Hosting;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>Writes rows in the format asked for.</summary>
internal static class ResultWriter
{
    public static Task WriteAsync(ResultSet rows, OutputFormat format, CliHost host, CancellationToken ct) => format switch
    {
        OutputFormat.Json => JsonOutput.WriteAsync(rows, host.Out, ct),
        OutputFormat.JsonLines => JsonLinesOutput.WriteAsync(rows, host.Out, ct),
        OutputFormat.Csv => CsvOutput.WriteAsync(rows, host.Out, ct),
        OutputFormat.Ocsf => throw new UsageException("--output ocsf is for findings: flowlog check. `flowlog query ocsf` gives flows as OCSF Network Activity."),
        OutputFormat.Mermaid or OutputFormat.Svg => throw new UsageException("--output mermaid and svg are for pictures: flowlog graph."),
        OutputFormat.Markdown => MarkdownOutput.WriteAsync(rows, host.Out, ct),
        _ => TableOutput.WriteAsync(rows, host, ct),
    };
}
