using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Network;

namespace FlowLogAnalyzer.Tests.Replay;

/// <summary>The report's health of a node (from the log, in SQL) is that of the model (from the rules): its probe's whole way.</summary>
public class NodeHealthTests
{
    [Theory]
    [InlineData("story", 0)]
    [InlineData("story", 1)]
    [InlineData("probe-denied", 0)]
    [InlineData("ingress-flapping", 0)]
    [InlineData("healthy-local", 0)]
    [InlineData("healthy-cluster", 0)]
    public async Task The_logs_show_the_health_that_the_rules_make(string scenario, int phase)
    {
        using var lake = await ReplayLake.Of(scenario, new LabOptions(), phase);
        var at = lake.Truth.Phases[phase].End.UtcDateTime.AddSeconds(-1);

        var model = ServicePath.All(lake.Inventory, at).Where(p => p.ProbePort is not null)
            .SelectMany(path => ServiceHealth.Of(path, lake.Model.At(at), []).Backends.Select(b => (path.Service, path.Port, b.Node, State: State(path, b))))
            .OrderBy(r => r.Service, StringComparer.Ordinal).ThenBy(r => r.Port).ThenBy(r => r.Node, StringComparer.Ordinal).ToList();
        using var rows = lake.Database.Query("""
            select service, service_port::bigint, node, arg_max(state, minutes)
            from (select service, service_port, node, state, count(*) as minutes from node_health where service is not null group by all)
            group by service, service_port, node
            order by service, service_port, node
            """);

        Assert.NotEmpty(model);
        Assert.Equal(model.Select(m => $"{m.Service}:{m.Port} {m.Node} {m.State}"), rows.Read().Select(r => $"{r[0]}:{r[1]} {r[2]} {r[3]}"));
    }

    private static string State(ServicePath path, BackendHealth backend) =>
        backend.Up > 0.999 ? "healthy"
        : path.IsLocal && !backend.ProbeRefused ? "no pod here"
        : backend.Up > 0.001 ? "flapping"
        : "unhealthy";
}
