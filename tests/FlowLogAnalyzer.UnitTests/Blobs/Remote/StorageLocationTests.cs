using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Blobs.Remote;

namespace FlowLogAnalyzer.Tests.Blobs.Remote;

public class StorageLocationTests
{
    [Theory]
    [InlineData("https://acct.blob.core.windows.net/logs", "https://acct.blob.core.windows.net/", "logs", "")]
    [InlineData("https://acct.blob.core.windows.net/logs/", "https://acct.blob.core.windows.net/", "logs", "")]
    [InlineData("https://acct.blob.core.windows.net/logs/resourceId=/SUBSCRIPTIONS/X/", "https://acct.blob.core.windows.net/", "logs", "resourceId=/SUBSCRIPTIONS/X/")]
    [InlineData("https://acct.blob.core.windows.net/logs/resourceId%3D/A", "https://acct.blob.core.windows.net/", "logs", "resourceId=/A")]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1/logs/a/b", "http://127.0.0.1:10000/devstoreaccount1", "logs", "a/b")]
    [InlineData("https://acct.blob.core.chinacloudapi.cn/logs", "https://acct.blob.core.chinacloudapi.cn/", "logs", "")]
    public void Addresses_are_taken_apart(string text, string account, string container, string prefix)
    {
        var location = StorageLocation.Parse(text);

        Assert.Equal((account, container, prefix), (location.Account.ToString(), location.Container, location.Prefix));
    }

    [Theory]
    [InlineData("https://acct.blob.core.windows.net/", "names no container")]
    [InlineData("ftp://acct/logs", "is not an address of Azure Blob Storage")]
    public void Other_addresses_are_refused_with_what_is_expected(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => StorageLocation.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_signature_in_the_address_is_used_and_never_shown()
    {
        var location = StorageLocation.Parse("https://acct.blob.core.windows.net/logs/p?sv=2024-01-01&sp=rl&sig=SECRET");

        Assert.DoesNotContain("SECRET", location.ToString(), StringComparison.Ordinal);
        Assert.Contains("sig=SECRET", new StorageAccess { ConnectionString = null }.Open(location).Uri.Query + location.Sas, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", Assert.Throws<FormatException>(() => StorageLocation.Parse("https://acct.blob.core.windows.net?sig=SECRET")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_is_not_sent_over_an_open_connection() =>
        Assert.Contains("not encrypted", Assert.Throws<ArgumentException>(() =>
            new StorageAccess { ConnectionString = null }.Open(StorageLocation.Parse("http://acct.blob.core.windows.net/logs"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a/y=2026/", "Perhaps")]
    [InlineData("a/y=2025/", "Outside")]
    [InlineData("a/y=2026/m=11/d=20/", "Perhaps")]
    [InlineData("a/y=2026/m=11/d=21/", "Inside")]
    [InlineData("a/y=2026/m=11/d=22/", "Perhaps")]
    [InlineData("a/y=2026/m=11/d=19/", "Outside")]
    [InlineData("a/y=2026/m=11/d=20/h=10/", "Inside")]
    [InlineData("a/y=2026/m=11/d=20/h=09/", "Outside")]
    [InlineData("a/y=2026/m=11/d=22/h=08/m=00/", "Outside")]
    [InlineData("a/y=2026/m=13/", "Perhaps")]
    [InlineData("resourceId=/SUBSCRIPTIONS/", "Perhaps")]
    public void Folders_are_told_apart_by_their_time(string folder, string expected)
    {
        var window = new BlobWindow(new DateTime(2026, 11, 20, 10, 30, 0, DateTimeKind.Utc), new DateTime(2026, 11, 22, 8, 0, 0, DateTimeKind.Utc));

        Assert.Equal(expected, FolderTime.Of(folder, window).ToString());
    }
}
