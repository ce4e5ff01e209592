using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Tests.Analysis.Coverage;

/// <summary>A finding that no snapshot of the inventory is near in time is less sure, and says so.</summary>
public class InventoryAgeTests
{
    private static readonly DateTime Noon = new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(-36, "1.5 days before it")]
    [InlineData(+73, "3 days after it")]
    public void Far_from_any_snapshot_confidence_and_coverage_go_down_and_a_limit_names_it(int hours, string distance)
    {
        var lowered = FindingAge.Lower(Found(Confidence.High), [Noon.AddHours(hours)]);

        Assert.Equal(Confidence.Medium, lowered.Confidence);
        Assert.Equal("C", lowered["coverage"]);
        Assert.Equal(Noon.AddHours(hours), lowered["nearestSnapshot"]);
        Assert.Equal("sql", lowered.Evidence[^1].Key);
        Assert.Contains(distance, Assert.Single(lowered.Limits), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-24)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(25)]
    public void Near_a_snapshot_it_stays_as_it_is(int hours)
    {
        var finding = Found(Confidence.High);

        Assert.Same(finding, FindingAge.Lower(finding, [Noon.AddDays(-9), Noon.AddHours(hours), Noon.AddDays(9)]));
        Assert.Same(finding, FindingAge.Lower(finding, []));
    }

    [Fact]
    public void It_goes_down_once()
    {
        var lowered = FindingAge.Lower(Found(Confidence.Low), [Noon.AddDays(-9)]);

        Assert.Equal(Confidence.Low, lowered.Confidence);
        Assert.Same(lowered, FindingAge.Lower(lowered, [Noon.AddDays(-9)]));
    }

    private static Finding Found(Confidence confidence) => new()
    {
        Id = "LBC-001",
        Title = "",
        Severity = Severity.High,
        Confidence = confidence,
        Subject = "",
        FirstSeen = Noon,
        LastSeen = Noon.AddHours(1),
        Count = 1,
        Explanation = "",
        Evidence = [new("coverage", "A"), new("sql", "select 1")],
    };
}
