using System.Text.Json;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Reports;
using FlowLogAnalyzer.Tests.Cli;
using FlowLogAnalyzer.Tests.Reports;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Replay;

/// <summary>The same question has one answer wherever it is asked: findings, counts and repairs of a week's report are those of the check.</summary>
public class OneCheckTests
{
    private static readonly IsoWeek Week = new(2026, 47);

    public static TheoryData<string> Scenarios => [.. LabScenarios.All.Select(s => s.Name)];

    [Theory, MemberData(nameof(Scenarios))]
    public async Task The_report_finds_and_repairs_what_the_check_finds_and_repairs(string scenario)
    {
        using var folder = new TemporaryFolder();
        LabRunner.Write(LabScenarios.Find(scenario)!, new LabOptions { Minutes = 6 }, folder["logs"]);
        await ReportLake.FillAsync(folder["lake"], folder["logs"]);

        var lake = await LakeWindows.LoadAsync(await FlowLake.OpenAsync(folder["lake"]), ct: TestContext.Current.CancellationToken);
        using var window = await lake.WindowAsync(Week.Start, Week.End, TestContext.Current.CancellationToken);
        var report = WeekFacts.Of(window, Week, TestContext.Current.CancellationToken).Whole;
        var check = await InProcessCli.Of("check", "--lake", folder["lake"], "--since", Week.ToString(), "--until", Week.Next.ToString(), "--output", "json");

        Assert.Equal((0, ""), (check.ExitCode, check.Error));
        Assert.Equal(check.Json.EnumerateArray().Select(Line), report.Findings.Select(f => Line(JsonDocument.Parse(FindingJournal.Json(f)).RootElement)));
    }

    /// <summary>Id, subject, count and repair.</summary>
    private static string Line(JsonElement finding) =>
        $"{finding.GetProperty("id")} {finding.GetProperty("subject")} {finding.GetProperty("count")} {(finding.TryGetProperty("fix", out var fix) ? JsonSerializer.Serialize(fix) : "")}";
}
