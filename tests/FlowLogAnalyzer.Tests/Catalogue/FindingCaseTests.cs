namespace FlowLogAnalyzer.Tests.Catalogue;

public class FindingCaseTests
{
    public static TheoryData<string, string> Hits => Data(fires: true);

    public static TheoryData<string, string> NearMisses => Data(fires: false);

    [Theory, MemberData(nameof(Hits))]
    public void Fires(string id, string name)
    {
        var wanted = Find(id, name);

        var findings = wanted.Check();

        Assert.NotEmpty(findings);
        Assert.Equal(wanted.Severity, findings.Max(f => f.Severity));
        Assert.All(findings, f => Assert.DoesNotMatch(@"\{|\}|\bnull\b", f.Explanation + f.Fix?.Summary));
    }

    [Theory, MemberData(nameof(NearMisses))]
    public void Stays_silent(string id, string name)
    {
        var findings = Find(id, name).Check();

        Assert.True(findings.Count == 0, string.Join("\n", findings.Select(f => $"{f.Severity} {f.Subject}: {f.Explanation}")));
    }

    private static FindingCase Find(string id, string name) => FindingCases.All.Single(c => c.Id == id && c.Name == name);

    private static TheoryData<string, string> Data(bool fires) => new(FindingCases.All.Where(c => c.Fires == fires).Select(c => (c.Id, c.Name)));
}
