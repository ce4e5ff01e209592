namespace FlowLogAnalyzer.Tests.Cli;

public class DemoTests
{
    [Fact]
    public async Task The_demo_explains_both_outages_and_the_intruder_and_can_be_repeated()
    {
        using var folder = new TempFolder();

        var first = await CliRun.Of("demo", "--out", folder["demo"], "--output", "json");
        var second = await CliRun.Of("demo", "--out", folder["demo"], "--output", "json");

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        var ids = first.Json.EnumerateArray().Select(f => f.GetProperty("id").GetString()).Distinct().ToList();
        Assert.Contains("LBP-002", ids);
        Assert.Contains("LBC-001", ids);
        Assert.Contains(ids, id => id!.StartsWith("LAT-", StringComparison.Ordinal));
        Assert.Equal(first.Out.Replace(folder.Path, "", StringComparison.Ordinal), second.Out.Replace(folder.Path, "", StringComparison.Ordinal));
        Assert.Contains("Try next", first.Error, StringComparison.Ordinal);
        Assert.True(Directory.Exists(folder["demo", "lake", "tuples", "_delta_log"]));
    }

    [Fact]
    public async Task The_demo_does_not_touch_a_folder_that_it_did_not_make()
    {
        using var folder = new TempFolder();
        var precious = folder.Write("mine/lake/precious.txt", "do not delete");

        var run = await CliRun.Of("demo", "--out", folder["mine"]);

        Assert.Equal(2, run.ExitCode);
        Assert.True(File.Exists(precious));
    }
}
