using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Tests.Analysis;
using static FlowLogAnalyzer.Tests.Analysis.LakeBuilder;
using Tuple = FlowLogAnalyzer.Tests.Analysis.Tuple;

namespace FlowLogAnalyzer.Tests.Reports;

/// <summary>A lake in which a query finds something, and the parameters it is asked with.</summary>
internal sealed record CatalogueCase(Func<LakeBuilder> Lake, params (string Name, string Value)[] Settings)
{
    public IReadOnlyDictionary<string, string> Variables => Settings.ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal);
}

/// <summary>Tuples for queries that find nothing in the lab: other protocols, oddities, public sources and so on.</summary>
internal static class CatalogueCases
{
    public static IReadOnlyDictionary<string, CatalogueCase> All { get; } = new Dictionary<string, CatalogueCase>(StringComparer.Ordinal)
    {
        ["double_logging"] = new(() => new LakeBuilder()
            .Add(0, "a", "10.0.0.1:1000 -> 10.0.0.2:80", new Tuple { Format = "nsg-v2" })
            .Add(1, "a", "10.0.0.1:1000 -> 10.0.0.2:80", new Tuple { Format = "vnet-v4" })
            .Add(2, "b", "10.0.0.1:1001 -> 10.0.0.3:80", new Tuple { Format = "nsg-v2" })),
        ["internet_sources"] = new(InternetSources),
        ["log_quality"] = new(() => new LakeBuilder()
            .Add(0, "a", "10.0.0.1:1000 -> 10.0.0.2:80", new Tuple { Flags = (long)(QualityFlags.TimeUnit | QualityFlags.Spaces) })
            .Add(1, "a", "10.0.0.1:1001 -> 10.0.0.2:80", new Tuple { Flags = (long)QualityFlags.Spaces })
            .Add(2, "a", "10.0.0.1:1002 -> 10.0.0.2:80")),
        ["new_destinations"] = new(
            () => new LakeBuilder()
                .Add(0, "a", "10.0.0.1:1000 -> 203.0.113.1:443", new Tuple { Outbound = true })
                .Add(7200, "a", "10.0.0.1:1001 -> 203.0.113.1:443", new Tuple { Outbound = true })
                .Add(7300, "a", "10.0.0.1:1002 -> 203.0.113.2:443", new Tuple { Outbound = true }),
            ("hours", "1")),
        ["other_protocols"] = new(OtherProtocols),
        ["snat_pressure"] = new(SnatPressure, ("min_connections", "5")),
        ["unlogged_nics"] = new(() => new LakeBuilder()
            .Add(0, "a", "10.0.0.1:1000 -> 10.0.0.2:80")
            .With(InventorySchema.Nics, Row(("mac", "a"), ("node", "one")), Row(("mac", "b"), ("node", "two")))),
        ["unused_rules"] = new(UnusedRule),
        ["which_rule"] = new(
            () => new LakeBuilder()
                .Add(0, "a", "10.0.0.1:1000 -> 10.0.0.2:80", new Tuple { Rule = "UserRule_Web" })
                .Add(1, "a", "10.0.0.1:1001 -> 10.0.0.2:22", new Tuple { Rule = "UserRule_NoSsh", Deny = true })
                .Add(2, "a", "10.0.0.9:1001 -> 10.0.0.2:22", new Tuple { Rule = "UserRule_Other" }),
            ("src", "10.0.0.1"), ("port", "22")),
    };

    /// <summary>Private, shared and link-local addresses, and one of the internet.</summary>
    private static LakeBuilder InternetSources()
    {
        var lake = new LakeBuilder();
        foreach (var source in new[] { "10.1.2.3", "172.20.0.1", "192.168.9.9", "100.64.0.9", "169.254.1.1", "203.0.113.7" })
            lake.Add(0, "a", $"{source}:1000 -> 10.0.0.2:80", new Tuple { Deny = true });
        return lake;
    }

    private static LakeBuilder OtherProtocols()
    {
        var lake = new LakeBuilder();
        foreach (var protocol in new[] { 1, 6, 17 })
            lake.Add(protocol, "a", "10.0.0.1:1000 -> 10.0.0.2:80", new Tuple { Protocol = protocol, Format = "vnet-v4" });
        return lake;
    }

    /// <summary>Five connections in one minute to one destination, and five in five minutes to another.</summary>
    private static LakeBuilder SnatPressure()
    {
        var lake = new LakeBuilder();
        for (var port = 1000; port < 1005; port++)
        {
            lake.Add(1, "a", $"10.0.0.1:{port} -> 203.0.113.1:443", new Tuple { Outbound = true });
            lake.Add(60 * (port - 999), "a", $"10.0.0.1:{port} -> 203.0.113.2:443", new Tuple { Outbound = true });
        }

        return lake;
    }

    private static LakeBuilder UnusedRule() => new LakeBuilder()
        .Add(0, "a", "10.0.0.1:1000 -> 10.0.0.2:80", new Tuple { Rule = "UserRule_Web" })
        .With(
            InventorySchema.NsgRules,
            Row(("nsg", "nsg-user"), ("rule", "Web"), ("direction", "Inbound"), ("decision", "Allow"), ("priority", 100), ("is_default", false)),
            Row(("nsg", "nsg-user"), ("rule", "Old"), ("direction", "Inbound"), ("decision", "Allow"), ("priority", 110), ("is_default", false)));
}
