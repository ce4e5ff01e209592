using System.Text;
using System.Text.RegularExpressions;

namespace FlowLogAnalyzer.Tests.Docs;

/// <summary>The Markdown of the repository.</summary>
internal static partial class MarkdownPages
{
    /// <summary>Paths from the root, with slashes.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Directory.GetFiles(RepositoryFiles.Root, "*.md")
            .Concat(new[] { "docs", "queries", "deploy", "infra" }.SelectMany(folder => Directory.GetFiles(RepositoryFiles.Path(folder), "*.md", SearchOption.AllDirectories)))
            .Select(file => Path.GetRelativePath(RepositoryFiles.Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    /// <summary>Targets of links and pictures, code left out.</summary>
    public static IEnumerable<string> Links(string markdown) => Link().Matches(Code().Replace(markdown, "")).Select(m => m.Groups["target"].Value);

    /// <summary>The anchors that GitHub gives to a page's headings.</summary>
    public static IReadOnlySet<string> Anchors(string markdown) => Heading().Matches(markdown).Select(m => Slug(m.Groups["text"].Value)).ToHashSet(StringComparer.Ordinal);

    private static string Slug(string heading)
    {
        var slug = new StringBuilder();
        foreach (var c in heading.Trim().ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c) || c is '-' or '_')
                slug.Append(c);
            else if (c == ' ')
                slug.Append('-');
        }

        return slug.ToString();
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex("```.*?```|`[^`\n]*`", RegexOptions.Singleline, 1000)]
    private static partial Regex Code();
}
