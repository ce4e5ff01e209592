using FlowLogAnalyzer.Fixes;

namespace FlowLogAnalyzer.Tests.Replay;

public class PathExplainerTests
{
    [Fact]
    public async Task A_clients_way_is_told_from_its_NIC_to_the_application_with_rule_and_counts()
    {
        using var lake = await ReplayLake.Of("client-denied");

        var path = new PathExplainer(lake.Database, lake.Model, lake.Truth.End.UtcDateTime.AddMinutes(-1)).Explain("10.10.4.4", "10.10.2.100", 80);

        Assert.Equal(5, path.Hops.Count);
        var arrivals = path.Hops[1].Checks;
        Assert.Equal(["Allow", "Deny", "Deny"], arrivals.Select(c => c.Decision));
        Assert.Contains("nsg-user (subnet): Deny by DenyAllOtherInbound (priority 4000)", arrivals.Single(c => c.At!.Contains("user", StringComparison.Ordinal)).Levels);
        Assert.All(arrivals, c => Assert.Equal(c.Decision == "Deny", c.Logged.Denied > 0));
        Assert.Contains("Two thirds of the new connections of 10.10.4.4", path.Summary[^1], StringComparison.Ordinal);
        Assert.All(path.Hops[4].Checks, c => Assert.Equal("Allow", c.Decision));
    }

    [Fact]
    public async Task Two_hosts_are_asked_at_both_ends()
    {
        using var lake = await ReplayLake.Of("healthy-cluster");

        var path = new PathExplainer(lake.Database, lake.Model, lake.Truth.End.UtcDateTime).Explain("10.10.3.4", "10.10.1.4", 22);

        Assert.Equal(["Allow", "Deny"], path.Hops.Single().Checks.Select(c => c.Decision));
        Assert.Contains("nsg-system", path.Summary[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_nobody_knows_is_said_to_be_unknown()
    {
        using var lake = await ReplayLake.Of("healthy-cluster");

        var path = new PathExplainer(lake.Database, lake.Model, lake.Truth.End.UtcDateTime).Explain("10.10.3.4", "192.0.2.7", 443);

        Assert.Equal("unknown", path.Hops.Single().Checks[1].Decision);
    }
}
