using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Tests.Blobs;

public class FlowLogPathTests
{
    private const string Tail = "y=2026/m=11/d=20/h=09/m=00/macAddress=000d3AF87856/PT1H.json";

    [Theory]
    [InlineData("insights-logs-networksecuritygroupflowevent/", "resourceId=/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/NSG/")]
    [InlineData("insights-logs-flowlogflowevent/", "flowLogResourceID=/S_NETWORKWATCHERRG/NETWORKWATCHER_EASTUS_FL_A/")]
    [InlineData("/data/", "flowLogResourceID=/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.NETWORK/NETWORKWATCHERS/NW/FLOWLOGS/FL/")]
    [InlineData("C:\\copies\\", "FlowLogResourceId=/S_RG/NW_FL-FLOWLOGS/")]
    [InlineData("https://acc.blob.core.windows.net/insights-logs-flowlogflowevent/", "flowLogResourceID=/S_RG/NW_FL/")]
    public void Case_76_A_path_of_any_form_is_read_from_the_right(string before, string resource)
    {
        var blob = FlowLogPath.Parse(before + resource + Tail);

        Assert.Equal(resource + Tail, blob.Key);
        Assert.Equal((new DateTime(2026, 11, 20, 9, 0, 0), "000D3AF87856"), (blob.Hour!.Value.StartUtc, blob.Mac));
        Assert.Equal(DateTimeKind.Utc, blob.Hour.Value.StartUtc.Kind);
    }

    [Fact]
    public void Case_76_A_percent_encoded_URL_is_the_same_blob()
    {
        var plain = FlowLogPath.Parse("resourceId=/S/NSG/" + Tail);

        Assert.Equal(plain, FlowLogPath.Parse("https://a/c/" + Uri.EscapeDataString("resourceId=/S/NSG/" + Tail) + "?sv=1&sig=x"));
        Assert.Equal(plain.Key, FlowLogPath.Parse("/somewhere/else/resourceId=/S/NSG/" + Tail).Key);
    }

    [Fact]
    public void A_path_without_a_resource_keeps_its_hour_and_takes_the_key_given()
    {
        var blob = FlowLogPath.Parse("/logs/" + Tail, "logs/one");

        Assert.Equal(("logs/one", true), (blob.Key, blob.IsFlowLogPath));
        Assert.Equal("/logs/" + Tail, FlowLogPath.Parse("/logs/" + Tail).Key);
    }

    [Theory]
    [InlineData("PT1H.json")]
    [InlineData("/logs/y=2026/m=13/d=20/h=09/m=00/macAddress=000D3AF87856/PT1H.json")]
    [InlineData("/logs/y=2026/m=02/d=30/h=09/m=00/macAddress=000D3AF87856/PT1H.json")]
    [InlineData("/logs/y=2026/m=11/d=20/h=24/m=00/macAddress=000D3AF87856/PT1H.json")]
    [InlineData("/logs/y=2026/m=11/d=20/h=09/m=00/macAddress=000D3AF8785/PT1H.json")]
    [InlineData("/logs/xy=2026/m=11/d=20/h=09/m=00/macAddress=000D3AF87856/PT1H.json")]
    public void Case_77_A_path_that_does_not_match_has_no_hour(string path)
    {
        Assert.Equal(new BlobIdentity(path), FlowLogPath.Parse(path));
        Assert.False(FlowLogPath.Parse(path).IsFlowLogPath);
        Assert.Equal("k", FlowLogPath.Parse(path, "k").Key);
    }

    [Fact]
    public void Case_78_The_second_m_is_the_minute() =>
        Assert.Equal(30, FlowLogPath.Parse("resourceId=/X/" + Tail.Replace("/m=00/", "/m=30/")).Hour!.Value.StartUtc.Minute);
}
