using System.CommandLine;
using System.CommandLine.Completions;
using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Cli.Output;

namespace FlowLogAnalyzer.Cli.Hosting;

/// <summary>The options that every verb knows.</summary>
internal static class GlobalOptions
{
    public const string LakeVariable = "FLOWLOG_LAKE";
    public const string DefaultLake = "./lake";

    public static Option<string> Lake { get; } = new("--lake")
    {
        Description = $"The lake: a folder, or https://ACCOUNT.blob.core.windows.net/CONTAINER[/PREFIX]; default: {LakeVariable}, or {DefaultLake}.",
        HelpName = "DIR-or-URL",
        Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(LakeVariable) is { Length: > 0 } location ? location : DefaultLake,
    };

    public static Option<string?> ConnectionString { get; } = new("--connection-string")
    {
        Description = $"Of the storage account or emulator that sources and lake are in; default: {StorageAccess.ConnectionStringVariable}, or a token (az login, managed identity).",
        HelpName = "TEXT",
        Recursive = true,
    };

    public static Option<OutputFormat> Output { get; } = new("--output", "-o")
    {
        Description = "How data is written to standard output: table, json, jsonl, csv or md, for findings also ocsf, and for graphs mermaid and svg; default: table, or mermaid for graphs.",
        HelpName = "FORMAT",
        Recursive = true,
        CompletionSources = { _ => OutputFormats.All.Select(name => new CompletionItem(name)) },
        CustomParser = result => ParseFormat(result.Tokens[0].Value, result.AddError),
    };

    private static OutputFormat ParseFormat(string text, Action<string> fail)
    {
        if (OutputFormats.TryParse(text, out var format))
            return format;

        fail($"--output knows {OutputFormats.Names}, not '{text}'.");
        return default;
    }
}
