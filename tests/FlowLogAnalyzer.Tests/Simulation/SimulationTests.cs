using System.Globalization;

namespace FlowLogAnalyzer.Tests.Simulation;

/// <summary>It watches the thread pool, which others must leave alone meanwhile.</summary>
[CollectionDefinition(nameof(SimulationTests), DisableParallelization = true)]
public sealed class SimulationCollection;

/// <summary>
/// All verbs against all verbs. <c>FLOWLOG_TEST_SEED</c> repeats one seed; the long run takes <c>FLOWLOG_TEST_SEEDS</c> of them from
/// <c>FLOWLOG_TEST_FROM</c> on (docs/reliability.md).
/// </summary>
[Collection(nameof(SimulationTests))]
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 100;

    [Fact]
    public void Whatever_goes_wrong_when_no_row_is_lost_doubled_or_another()
    {
        if (Number("FLOWLOG_TEST_SEED", -1) is >= 0 and var seed)
            RunAll(seed, 1);
        else
            RunAll(1, Seeds);
    }

    [Fact(Explicit = true)]
    public void A_seed_gives_the_same_run_again()
    {
        for (var seed = 1; seed <= 60; seed++)
            Assert.Equal(TraceOf(seed).Prepend($"seed {seed}"), TraceOf(seed).Prepend($"seed {seed}"));
    }

    [Fact(Explicit = true)]
    public void Thousands_of_seeds() => RunAll(Number("FLOWLOG_TEST_FROM", 1), Number("FLOWLOG_TEST_SEEDS", 10_000));

    private static IReadOnlyList<string> TraceOf(int seed)
    {
        var simulation = new SimulatedRun(seed);
        Record.Exception(simulation.Run);
        return simulation.Trace;
    }

    private void RunAll(int from, int count)
    {
        var failed = new List<string>();
        for (var seed = from; seed < from + count && failed.Count < 10; seed++)
        {
            var simulation = new SimulatedRun(seed);
            try
            {
                simulation.Run();
            }
            catch (Exception e) when (count > 0)
            {
                failed.Add($"seed {seed}: {e.Message}");
                if (failed.Count == 1)
                    output.WriteLine(string.Join('\n', simulation.Trace) + "\n" + e);
            }
        }

        Assert.True(failed.Count == 0, string.Join('\n', failed) + "\nRepeat one with FLOWLOG_TEST_SEED=N and this test alone.");
    }

    internal static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
