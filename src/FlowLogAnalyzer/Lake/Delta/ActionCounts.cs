using System.Globalization;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>
/// How many actions of each kind an entry was written with, in its own tags: of an entry that lost a line, as by a file
/// system that lost a block, the rest still looks whole. Entries of other engines have no counts and are taken as they are.
/// </summary>
internal static class ActionCounts
{
    private const string Prefix = "flowlog.";

    public static IReadOnlyDictionary<string, string> Of(DeltaCommit commit) =>
        Count(commit).ToDictionary(c => Prefix + c.Name, c => c.Number.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <summary>Null when the entry is whole or says nothing, else what is wrong.</summary>
    public static string? Fault(DeltaCommit commit)
    {
        foreach (var (name, number) in Count(commit))
            if (commit.Story.Tags.TryGetValue(Prefix + name, out var text) && text != number.ToString(CultureInfo.InvariantCulture))
                return $"it holds {number} {name} actions and says that it was written with {text}";
        return IsOwn(commit) && commit.Story.Engine is null ? "its first line, which says who wrote it, is missing" : null;
    }

    /// <summary>Only flowlog commits flowlog's domains, and it says so.</summary>
    private static bool IsOwn(DeltaCommit commit) => commit.Domains.Any(d => d.Domain.StartsWith("flowlog.", StringComparison.Ordinal));

    private static IEnumerable<(string Name, int Number)> Count(DeltaCommit commit) =>
    [
        ("add", commit.Adds.Count), ("remove", commit.Removes.Count), ("domainMetadata", commit.Domains.Count),
        ("metaData", commit.Metadata is null ? 0 : 1), ("protocol", commit.Protocol is null ? 0 : 1),
    ];
}
