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
}

internal static class OutputFormats
{
    public const string Names = "table, json, jsonl, csv, md, and ocsf for findings";

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
            _ => null,
        };
        format = known ?? default;
        return known is not null;
    }
}
