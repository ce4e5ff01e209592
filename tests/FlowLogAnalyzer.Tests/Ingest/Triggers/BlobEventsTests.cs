using System.Text.Json;
using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Triggers;

namespace FlowLogAnalyzer.Tests.Ingest.Triggers;

public class BlobEventsTests
{
    private const string Url = "https://acc.blob.core.windows.net/insights-logs-flowlogflowevent/flowLogResourceID=/A/y=2026/m=11/d=20/h=10/m=00/macAddress=00224876D1A5/PT1H.json";

    /// <summary>As in Azure docs, event-grid/event-schema-blob-storage.</summary>
    private static string Grid(string type = "Microsoft.Storage.BlobCreated", string api = "PutBlockList", string url = Url) =>
        $$"""{"topic":"/t","subject":"/blobServices/default/containers/c/blobs/b","eventType":"{{type}}","id":"1","data":{"api":"{{api}}","eTag":"0x8D4BCC2E4835CD0","contentLength":524288,"url":"{{url}}","sequencer":"00000000000004420000000000028963"},"dataVersion":"","metadataVersion":"1","eventTime":"2026-11-20T10:00:00Z"}""";

    private static string Cloud(string url = Url) =>
        $$"""{"source":"/s","subject":"b","type":"Microsoft.Storage.BlobCreated","time":"2026-11-20T10:00:00Z","id":"1","data":{"api":"PutBlockList","eTag":"0x8D4BCC2E4835CD0","url":"{{url}}"},"specversion":"1.0"}""";

    [Fact]
    public void Both_schemas_alone_and_in_an_array_name_the_blob_and_its_state()
    {
        string[] messages = [Grid(), Cloud(), $"[{Grid()}]", $"[{Cloud()}]"];

        Assert.All(messages, m => Assert.Equal([new WorkItem(Url, "0x8D4BCC2E4835CD0")], Read(m).Items));
    }

    [Fact]
    public void A_work_item_of_our_own_names_the_blob_without_the_signature()
    {
        Assert.Equal([new WorkItem(Url, "x")], Read($$"""{"url":"{{Url}}?sv=1&sig=secret","eTag":"\"x\""}""").Items);
    }

    [Theory]
    [InlineData("Microsoft.Storage.BlobDeleted", "DeleteBlob", Url)]
    [InlineData("Microsoft.Storage.BlobCreated", "CreateFile", Url)]
    [InlineData("Microsoft.Storage.BlobCreated", "PutBlob", "https://acc.blob.core.windows.net/c/other.json")]
    public void Events_about_something_else_are_passed_over_with_a_reason(string type, string api, string url)
    {
        var message = Read(Grid(type, api, url));

        Assert.Null(message.Problem);
        Assert.Empty(message.Items);
        Assert.Single(message.Ignored);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("5")]
    [InlineData("""{"eventType":"Microsoft.Storage.BlobCreated"}""")]
    [InlineData("""{"eventType":"Microsoft.Storage.BlobCreated","data":{}}""")]
    public void What_is_no_event_is_a_problem(string message)
    {
        Assert.NotNull(Read(message).Problem);
    }

    [Theory]
    [InlineData("""{"compact":"2026-11-20"}""", "2026-11-20")]
    [InlineData("""{"compact":"2026-11-20","from":"06:00:00"}""", "2026-11-20 from 06:00:00")]
    [InlineData("""{"compact":"2026-11-20","to":"00:00:00.001"}""", "2026-11-20 to 00:00:00.001")]
    [InlineData("""{"compact":"2026-11-20","from":"06:00:00","to":"12:30:59.5"}""", "2026-11-20 from 06:00:00 to 12:30:59.5")]
    public void A_compaction_names_a_date_or_a_part_of_it_and_is_written_as_it_is_read(string message, string job)
    {
        var read = Assert.Single(Read(message).Compactions);

        Assert.Equal(job, read.ToString());
        Assert.Equal(message, CompactionMessage.Write(read));
    }

    [Theory]
    [InlineData("""{"compact":20261120}""")]
    [InlineData("""{"compact":"2026-11-20","from":"6 am"}""")]
    [InlineData("""{"compact":"2026-11-20","from":6}""")]
    [InlineData("""{"compact":"2026-11-20","to":null}""")]
    [InlineData("""{"compact":"2026-11-20","from":"12:00:00","to":"06:00:00"}""")]
    [InlineData("""{"compact":"2026-11-20","from":"06:00:00","to":"06:00:00"}""")]
    [InlineData("""{"compact":"2026-11-20","to":"00:00:00"}""")]
    public void A_compaction_whose_bounds_cannot_be_understood_is_a_problem_and_never_a_larger_job(string message)
    {
        var read = Read(message);

        Assert.Empty(read.Compactions);
        Assert.Equal($"{CompactionMessage.Expected}; this is {message}.", read.Problem);
    }

    [Fact]
    public void Only_blobs_below_the_places_that_may_be_read_are_found()
    {
        var roots = new SourceRoots(["https://acc.blob.core.windows.net/insights-logs-flowlogflowevent", "/var/logs"], new StorageAccess { Credential = new NoCredential() });

        Assert.NotNull(roots.Find(new WorkItem(Url)));
        Assert.NotNull(roots.Find(new WorkItem("/var/logs/a/PT1H.json")));
        string[] outside =
        [
            Url.Replace("//acc.", "//evil.", StringComparison.Ordinal), Url.Replace("flowlogflowevent/", "flowlogflowevent2/", StringComparison.Ordinal), Url.Replace("https", "http", StringComparison.Ordinal),
            "/var/logs2/PT1H.json", "/var/logs/../secret/PT1H.json", "/etc/passwd",
        ];
        Assert.All(outside, url => Assert.Null(roots.Find(new WorkItem(url))));
    }

    private static WorkMessage Read(string json) => BlobEvents.Read(JsonDocument.Parse(json).RootElement);

    private sealed class NoCredential : Azure.Core.TokenCredential
    {
        public override Azure.Core.AccessToken GetToken(Azure.Core.TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new InvalidOperationException("No token is needed.");

        public override ValueTask<Azure.Core.AccessToken> GetTokenAsync(Azure.Core.TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new InvalidOperationException("No token is needed.");
    }
}
