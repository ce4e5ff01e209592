using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Configuration;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Scenarios;

/// <summary>Nothing above low is found in a noisy week once the job's destinations are declared.</summary>
public class NoisyWeekTests
{
    [Fact]
    public Task A_quarter_of_an_hour_of_each_day() => NothingAboveLowAsync(NoisyWeek.Sampled);

    /// <summary>About ten million tuples, some minutes: run with <c>-explicit only</c>.</summary>
    [Fact(Explicit = true)]
    public Task Every_minute_of_seven_days() => NothingAboveLowAsync(NoisyWeek.Whole);

    private static async Task NothingAboveLowAsync(IReadOnlyList<Stretch> stretches)
    {
        using var folder = new TemporaryFolder();
        var ct = TestContext.Current.CancellationToken;
        var output = TestContext.Current.TestOutputHelper!;
        var configuration = ConfigurationReader.Read(NoisyWeek.Declared, "flowlog.json");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var (declared, plain) = await NoisyWeek.FillAsync(folder, stretches, configuration, ct);

        using var database = await declared.OpenAsync(null, null, ct: ct);
        output.WriteLine($"{database.Scalar("select count(*) from lake_tuples")} tuples simulated and read in {watch.Elapsed.TotalSeconds:0} s");
        watch.Restart();
        var findings = EngineCheck.Run(database, new NetworkModel(declared.Inventory), new() { Configuration = configuration }, ct).Findings;
        output.WriteLine($"all findings in {watch.Elapsed.TotalSeconds:0} s");
        foreach (var group in findings.GroupBy(f => (f.Severity, f.Id)))
            output.WriteLine($"{group.Key.Severity} {group.Key.Id}: {group.Count()}, such as {group.First().Subject}: {group.First().Explanation}");
        Assert.All(findings.Where(f => !IsAboutRules(f)), f => Assert.True(f.Severity <= Severity.Low, $"{f.Severity} {f.Id} {f.Subject}: {f.Explanation}"));
        Assert.DoesNotContain(findings, f => f.Id == "LAT-011");

        // The week is noisy indeed: without the declarations the job is found, by its destination and by its rhythm.
        using var undeclared = await plain.OpenAsync(null, null, ct: ct);
        var job = FindingRunner.Run(undeclared, new() { Only = ["LAT-011", "LAT-012"] }, ct).Findings;
        Assert.Contains(job, f => f.Id == "LAT-012");
        Assert.Contains(job, f => f.Id == "LAT-011" && f.Severity > Severity.Low && f.Subject.Contains("20.40.60.0/24", StringComparison.Ordinal));
        Assert.All(job, f => Assert.True(f.Id == "LAT-012" || (f["port"] is 5432L or 443L), f.Subject));
    }

    /// <summary>Rules that could be narrower are worth a word in a healthy cluster too.</summary>
    private static bool IsAboutRules(Finding finding) => finding.Id.StartsWith("NSG-", StringComparison.Ordinal);
}
