using System.Text.Json;
using FlowLogAnalyzer.Bench;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Bench;

public sealed class LogLawTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_logs_have_the_proportions_that_the_law_names(bool rulesDecide)
    {
        var tuples = Tuples(rulesDecide).Select(t => t.Tuple).ToList();

        Assert.InRange(tuples.Count(t => t[7] == "D") / (double)tuples.Count, 0.08, 0.12);
        Assert.InRange(tuples.Count(t => t[6] == "O") / (double)tuples.Count, 0.47, 0.53);
        Assert.InRange(tuples.Count(t => t[8] == "B") / (double)tuples.Count, 0.39, 0.45);
        Assert.All(tuples.Where(t => t[8] == "B"), t => Assert.Equal(["", "", "", ""], t[9..]));
    }

    [Fact]
    public void A_rule_has_one_direction_and_one_decision_when_rules_decide()
    {
        Assert.All(Ways(rulesDecide: true), ways => Assert.Equal(1, ways));
        Assert.All(Ways(rulesDecide: false), ways => Assert.Equal(4, ways));
    }

    private IEnumerable<int> Ways(bool rulesDecide) => Tuples(rulesDecide).GroupBy(t => t.Rule).Select(g => g.Select(t => t.Tuple[6] + t.Tuple[7]).Distinct().Count());

    private List<(string Rule, string[] Tuple)> Tuples(bool rulesDecide)
    {
        new LogGenerator(new LogLaw { Nics = 1, Bytes = 1, RulesDecide = rulesDecide }).Write(_folder["logs"]);
        var file = Directory.GetFiles(_folder["logs"], "PT1H.json", SearchOption.AllDirectories).Single();
        using var log = JsonDocument.Parse(File.ReadAllBytes(file));
        return [.. from record in log.RootElement.GetProperty("records").EnumerateArray()
                   from rule in record.GetProperty("properties").GetProperty("flows").EnumerateArray()
                   from flow in rule.GetProperty("flows").EnumerateArray()
                   from tuple in flow.GetProperty("flowTuples").EnumerateArray()
                   select (rule.GetProperty("rule").GetString()!, tuple.GetString()!.Split(','))];
    }
}
