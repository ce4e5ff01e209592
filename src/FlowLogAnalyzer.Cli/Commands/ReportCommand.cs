using System.CommandLine;
using System.Reflection;
using FlowLogAnalyzer.Analysis;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Reports;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog report</c>: a week on a page.</summary>
internal static class ReportCommand
{
    private static readonly Option<string?> Week = new("--week")
    {
        Description = "The week of ISO 8601, Monday to Sunday in UTC, such as 2026-W48; default: the last one that is over.",
        HelpName = "WEEK",
    };

    private static readonly Option<FileInfo?> To = new("--out")
    {
        Description = "The Markdown file; charts and one page of HTML are written beside it. Default: only the Markdown, to standard output.",
        HelpName = "FILE.md",
    };

    public static Command Create(CliHost host)
    {
        var engine = new EngineOptions();
        var verb = new Verb("report", "Writes what happened in a week, compared with the week before: for people, as Markdown and as one page of HTML.",
            new("flowlog report --week 2026-W48 --out reports/2026-W48.md", "A week, with charts and HTML beside it."),
            new("flowlog report --lake ./demo/lake --week 2026-W47", "The Markdown only, to standard output."),
            new("flowlog report --memory-limit 4GB --out last-week.md", "The last week that is over, of a large cluster."));
        verb.Options.Add(Week);
        verb.Options.Add(To);
        engine.AddTo(verb);
        return verb.Does(host, (call, ct) => RunAsync(call, engine.Read(call), ct));
    }

    private static async Task<int> RunAsync(Invocation call, EngineLimits limits, CancellationToken ct)
    {
        var week = Read(call);
        var path = call.Get(To);
        var stem = path is null ? week.ToString() : Path.GetFileNameWithoutExtension(path.Name);
        if (path is not null && !path.Extension.Equals(".md", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"--out names the Markdown file, so it ends in .md; '{path.Name}' does not.");

        var lake = await FlowLake.OpenAsync(call.Lake, new LakeOptions { MustExist = true, Time = call.Host.Clock, OnWarning = call.Note }, ct);
        var report = await WeeklyReport.BuildAsync(await LakeWindows.LoadAsync(lake, ct), new ReportRequest(week, stem, Version) { Database = limits.Apply }, ct);
        if (path is null)
        {
            await call.Host.Out.WriteAsync(System.Text.Encoding.UTF8.GetString(report.Markdown.Content));
            return ExitCode.Fine;
        }

        var folder = path.DirectoryName!;
        Directory.CreateDirectory(folder);
        foreach (var file in report.Files)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, file.Name), file.Content, ct);
            call.Note($"Wrote {Path.Combine(folder, file.Name)}");
        }

        return ExitCode.Fine;
    }

    private static IsoWeek Read(Invocation call) => call.Get(Week) switch
    {
        null => IsoWeek.LastComplete(call.Host.Clock.GetUtcNow().UtcDateTime),
        var text => IsoWeek.TryParse(text, out var week) ? week : throw new UsageException($"--week takes a week of ISO 8601 such as 2026-W48, not '{text}'."),
    };

    private static string Version => typeof(ReportCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
