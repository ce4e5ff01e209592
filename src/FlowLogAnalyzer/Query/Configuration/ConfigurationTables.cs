using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Query.Configuration;

/// <summary>flowlog.json as tables, so that findings join with it as they do with the inventory.</summary>
public static class ConfigurationTables
{
    public static TableShape Bastions { get; } = Shape("config_bastions", "Where administration may come from.", "name text, prefix text");

    public static TableShape ExpectedClients { get; } = Shape("config_expected_clients", "Who is meant to call a Service.", "service text, prefix text");

    public static TableShape Dependencies { get; } = Shape("config_dependencies", "Connections that are wanted; an end is *, a prefix, a name, a workload or pool:NAME.",
        "source text, destination text, port int, reason text");

    public static TableShape Settings { get; } = Shape("config_settings", "Other settings by name.", "name text, value text");

    public static IReadOnlyList<TableShape> All { get; } = [Bastions, ExpectedClients, Dependencies, Settings];

    public static IReadOnlyList<InventoryTable> Of(FlowLogConfiguration configuration) =>
    [
        new(Bastions, [.. configuration.Bastions.SelectMany(b => b.Prefixes.Select(p => (object?[])[b.Name, p]))]),
        new(ExpectedClients, [.. configuration.ExpectedClients.SelectMany(c => c.Prefixes.Select(p => (object?[])[c.Service, p]))]),
        new(Dependencies, [.. configuration.Dependencies.SelectMany(Rows)]),
        new(Settings, configuration.Egress is null ? [] : [["egress", configuration.Egress]]),
    ];

    private static IEnumerable<object?[]> Rows(DeclaredDependency d) =>
        d.Ports.Count == 0 ? [[d.Source, d.Destination, null, d.Reason]] : d.Ports.Select(port => (object?[])[d.Source, d.Destination, port, d.Reason]);

    private static TableShape Shape(string name, string meaning, string columns) =>
        new(name, meaning, [.. columns.Split(", ").Select(c => c.Split(' ')).Select(c => new TableColumn(c[0], c[1]))]);
}
