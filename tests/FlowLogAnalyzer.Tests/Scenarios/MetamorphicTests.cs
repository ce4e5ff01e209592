using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab;

namespace FlowLogAnalyzer.Tests.Scenarios;

/// <summary>
/// What is found in a cluster is found in its disguises, and no more. SEEDS=200 in the environment tries so many disguises of
/// each scenario instead of one; a seed that fails is in the name of its test.
/// </summary>
public class MetamorphicTests
{
    private static readonly string[] Scenarios = ["healthy-cluster", "second-hop-denied", "lateral-movement"];

    public static TheoryData<string, int> Disguises =>
    [
        .. from scenario in Scenarios
           from seed in Enumerable.Range(1, int.TryParse(Environment.GetEnvironmentVariable("SEEDS"), out var seeds) ? seeds : 1)
           select (scenario, seed),
    ];

    [Theory, MemberData(nameof(Disguises))]
    public async Task A_disguise_changes_nothing_in_what_is_found(string scenario, int seed)
    {
        IReadOnlyList<string> done = [];
        var options = new LabOptions { Format = seed % 2 == 0 ? LogFormat.VnetV4 : LogFormat.NsgV2, Minutes = 12, Seed = (ulong)seed };

        var plain = await ScenarioRun.FindingsAsync(scenario, options, _ => { });
        var disguised = await ScenarioRun.FindingsAsync(scenario, options, inventory => done = new Disguise(seed).Apply(inventory));

        Assert.Equal((string.Join(", ", done), Told(plain)), (string.Join(", ", done), Told(disguised)));
    }

    private static string Told(IEnumerable<Finding> findings) => string.Join("\n", findings
        .Select(f => $"{f.Severity} {f.Id} nsg={f["nsg"]} rule={f["rule"]} source={f["source"]} client={f["client"]} count={f.Count}").Order(StringComparer.Ordinal));
}
