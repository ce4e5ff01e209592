using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Parsing;

/// <summary>Real flow logs: those of the repository, and a larger collection beside it when a developer has one.</summary>
internal static class SampleFiles
{
    private static readonly string[] Folders =
        ["nsg-v1", "nsg-v2", "nsg-mixed-versions", "nsg-fragment", "vnet-v4", "hybrid-invalid", "not-flow-logs"];

    public static IReadOnlyList<string> OfRepository { get; } =
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Cases", "samples")).Where(f => !f.EndsWith("NOTICE", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Collected { get; } = Collect();

    private static string[] Collect() => SampleCollection.Folder is { } samples
        ? [.. Folders.Select(f => Path.Combine(samples, f)).Where(Directory.Exists).SelectMany(Directory.GetFiles).Order(StringComparer.Ordinal)]
        : [];
}
