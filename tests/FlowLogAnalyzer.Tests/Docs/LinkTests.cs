namespace FlowLogAnalyzer.Tests.Docs;

public class LinkTests
{
    public static TheoryData<string> Pages => [.. MarkdownPages.All];

    [Theory, MemberData(nameof(Pages))]
    public void Links_lead_to_files_and_headings_that_are_there(string page) =>
        Assert.DoesNotContain(MarkdownPages.Links(RepositoryFiles.Read(page)), link => !IsWeb(link) && !Exists(page, link));

    [Fact]
    public void A_link_that_leads_nowhere_is_noticed()
    {
        Assert.Equal(["docs/none.md", "README.md#no-such-heading"], MarkdownPages.Links("[a](docs/none.md) `[c](x.md)` [b](README.md#no-such-heading)").Where(link => !Exists("README.md", link)));
        Assert.True(Exists("docs/how-it-works.md", "../README.md#the-lake"));
    }

    /// <summary>A page that no other page leads to is not found by anybody.</summary>
    [Fact]
    public void Every_page_is_linked_from_another()
    {
        var linked = MarkdownPages.All.SelectMany(page => MarkdownPages.Links(RepositoryFiles.Read(page)).Where(l => !IsWeb(l)).Select(l => Target(page, l))).ToHashSet(StringComparer.Ordinal);

        // A folder's README is shown when the folder is opened.
        Assert.DoesNotContain(MarkdownPages.All, page => page != "README.md" && !linked.Contains(page) && !linked.Contains(Path.GetDirectoryName(page)!.Replace('\\', '/')));
    }

    private static bool IsWeb(string link) => link.Contains("://", StringComparison.Ordinal) || link.StartsWith("mailto:", StringComparison.Ordinal);

    private static string Target(string page, string link)
    {
        var path = Uri.UnescapeDataString(link.Split('#')[0]);
        var full = path.Length == 0 ? RepositoryFiles.Path(page) : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(RepositoryFiles.Path(page))!, path));
        return Path.GetRelativePath(RepositoryFiles.Root, full).Replace('\\', '/').TrimEnd('/');
    }

    private static bool Exists(string page, string link)
    {
        var target = Target(page, link);
        if (!Path.Exists(RepositoryFiles.Path(target)))
            return false;

        return link.Split('#') is not [_, { Length: > 0 } anchor] || !target.EndsWith(".md", StringComparison.Ordinal) || MarkdownPages.Anchors(RepositoryFiles.Read(target)).Contains(anchor);
    }
}
