using System.Text.RegularExpressions;
using FlowLogAnalyzer.Tests.Docs;

namespace FlowLogAnalyzer.Tests.Deploy;

/// <summary>The workflow that people copy: nothing of it can be exchanged by somebody else.</summary>
public class WorkflowTests
{
    private static readonly string Text = File.ReadAllText(RepositoryFiles.Path("deploy/github/weekly-report.yml"));

    [Fact]
    public void Actions_are_named_by_commit()
    {
        var uses = Regex.Matches(Text, @"uses: (\S+)").Select(m => m.Groups[1].Value).ToList();

        Assert.NotEmpty(uses);
        Assert.All(uses, action => Assert.Matches("^[\\w-]+/[\\w-]+@[0-9a-f]{40}$", action));
    }

    [Fact]
    public void The_tool_is_one_version_from_one_feed()
    {
        Assert.Contains("<clear />", Text, StringComparison.Ordinal);
        Assert.Contains("<package pattern=\"FlowLogAnalyzer.*\" />", Text, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(Text, "<add key="));
        Assert.Contains("--version \"[${FLOWLOG_VERSION:?}]\"", Text, StringComparison.Ordinal);
        Assert.DoesNotContain("--add-source", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_job_has_its_own_rights_and_the_one_that_runs_the_tool_cannot_write()
    {
        Assert.Contains("\npermissions: {}\n", Text, StringComparison.Ordinal);
        var jobs = Text.Split("\n  commit:\n");

        Assert.Contains("permissions:\n      id-token: write\n", jobs[0], StringComparison.Ordinal);
        Assert.DoesNotContain("contents: write", jobs[0], StringComparison.Ordinal);
        Assert.Contains("permissions:\n      contents: write\n", jobs[1], StringComparison.Ordinal);
        Assert.DoesNotContain("flowlog report", jobs[1], StringComparison.Ordinal);
    }
}
