using System.CommandLine;
using System.Reflection;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Query.Configuration;
using FlowLogAnalyzer.Reports;
using FlowLogAnalyzer.Reports.Delivery;

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

    private static readonly Option<string?> Hook = new("--webhook")
    {
        Description = $"Sends the summary to this webhook of Slack or Teams. Without a value the address is that of the variable {HookVariable}, which keeps it out of process lists and histories.",
        HelpName = "URL",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<WebhookKind?> Kind = new("--webhook-kind")
    {
        Description = "slack (also Mattermost and the like) or teams; default: told by the address.",
        HelpName = "KIND",
    };

    private static readonly Option<string?> Link = new("--link")
    {
        Description = "Where the report can be read, for the message; {week} in it stands for the week.",
        HelpName = "URL",
    };

    private const string HookVariable = "FLOWLOG_WEBHOOK";

    public static Command Create(CliHost host)
    {
        var verb = new Verb("report", "Writes what happened in a week, compared with the week before: for people, as Markdown and as one page of HTML.",
            new("flowlog report --week 2026-W48 --out reports/2026-W48.md", "A week, with charts and HTML beside it."),
            new("flowlog report --week 2026-W48 --engine clickhouse --url https://clickhouse.example.com:8443 --out reports/2026-W48.md", "The same, computed by a ClickHouse server that reads the lake."),
            new("flowlog report --out reports/last-week.md --webhook --link https://example.com/reports/{week}.html", "Last week's, and its five sentences to the channel that FLOWLOG_WEBHOOK names."));
        foreach (var option in new Option[] { Week, To, Hook, Kind, Link })
            verb.Options.Add(option);
        var (config, engine, empty) = (new ConfigurationOption(), new EngineOptions(offersServers: true), new EmptyOption());
        config.AddTo(verb);
        engine.AddTo(verb);
        empty.AddTo(verb);
        return verb.Does(host, async (call, ct) => empty.Code(call, await RunAsync(call, config.Read(call), engine.Read(call), ct)));
    }

    /// <returns>Why nothing was looked at; null when something was.</returns>
    private static async Task<string?> RunAsync(Invocation call, FlowLogConfiguration? configuration, EngineLimits limits, CancellationToken ct)
    {
        var week = Read(call);
        var path = call.Get(To);
        var stem = path is null ? week.ToString() : Path.GetFileNameWithoutExtension(path.Name);
        if (path is not null && !path.Extension.Equals(".md", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"--out names the Markdown file, so it ends in .md; '{path.Name}' does not.");

        var (hook, link) = (Webhook(call), ReportLink(call, week));
        var lake = await LakeSession.LoadAsync(call, configuration, limits.Apply, ct);
        var report = await WeeklyReport.BuildAsync(lake, new ReportRequest(week, stem, Version), ct);
        if (path is null)
            await call.Host.Out.WriteAsync(System.Text.Encoding.UTF8.GetString(report.Markdown.Content));
        else
            await WriteAsync(report, path, call, ct);
        if (hook is not null)
        {
            await new Webhook(call.Host.Clock).SendAsync(hook, report.Summary, link, ct);
            call.Note($"Told {hook}.");
        }

        return report.Check.NothingLookedAt;
    }

    private static async Task WriteAsync(WeeklyReport report, FileInfo path, Invocation call, CancellationToken ct)
    {
        var folder = path.DirectoryName!;
        Directory.CreateDirectory(folder);
        foreach (var file in report.Files)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, file.Name), file.Content, ct);
            call.Note($"Wrote {Path.Combine(folder, file.Name)}");
        }
    }

    private static WebhookAddress? Webhook(Invocation call)
    {
        if (!call.IsGiven(Hook))
            return null;

        var text = call.Get(Hook) ?? call.Host.Variable(HookVariable);
        if (string.IsNullOrEmpty(text))
            throw new UsageException($"--webhook without a value takes the address from the variable {HookVariable}, which is not set.");

        try
        {
            return WebhookAddress.Parse(text, call.Get(Kind));
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static Uri? ReportLink(Invocation call, IsoWeek week) => call.Get(Link) switch
    {
        null => null,
        var text => ReportSummary.TryLink(text, week, out var uri) ? uri : throw new UsageException($"--link takes an address that begins with https:// or http://, not '{text}'."),
    };

    private static IsoWeek Read(Invocation call) => call.Get(Week) switch
    {
        null => IsoWeek.LastComplete(call.Host.Clock.GetUtcNow().UtcDateTime),
        var text => IsoWeek.TryParse(text, out var week) ? week : throw new UsageException($"--week takes a week of ISO 8601 such as 2026-W48, not '{text}'."),
    };

    private static string Version => typeof(ReportCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
