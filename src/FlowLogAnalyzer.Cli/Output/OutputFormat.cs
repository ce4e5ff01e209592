namespace FlowLogAnalyzer.Cli.Output;

internal enum OutputFormat
{
    Table,
    Json,

    /// <summary>One JSON object per line.</summary>
    JsonLines,
    Csv,
    Markdown,

    /// <summary>Findings only: OCSF Detection Findings, one JSON object per line.</summary>
    Ocsf,

    /// <summary>Graphs only: text that Markdown viewers draw.</summary>
    Mermaid,

    /// <summary>Graphs only: a picture.</summary>
    Svg,
}

internal static class OutputFormats
{
    public const string Names = "table, json, jsonl, csv and md, for findings also ocsf, and for graphs mermaid and svg";

    public static IReadOnlyList<string> All { get; } = ["table", "json", "jsonl", "csv", "md", "ocsf"];

    public static bool TryParse(string text, out OutputFormat format)
    {
        OutputFormat? known = text.ToLowerInvariant() switch
        {
            "table" => OutputFormat.Table,
            "json" => OutputFormat.Json,
            "jsonl" => OutputFormat.JsonLines,
            "csv" => OutputFormat.Csv,
            "md" => OutputFormat.Markdown,
            "ocsf" => OutputFormat.Ocsf,
            "mermaid" => OutputFormat.Mermaid,
            "svg" => OutputFormat.Svg,
            _ => null,
        };
        format = known ?? default;
        return known is not null;
    }
}
