using System.CommandLine;
using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Baselines;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog check</c>: what is wrong, with evidence.</summary>
internal static class CheckCommand
{
    private static readonly Option<string[]> Only = new("--only")
    {
        Description = "Findings to look for, by id, separated by commas; default: all.",
        HelpName = "ID,...",
        CompletionSources = { FindingIds.Completions },
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> FailOn = new("--fail-on")
    {
        Description = "Exit code 3 when there is a finding of this severity or a worse one: info, low, medium, high or critical.",
        HelpName = "SEVERITY",
    };

    private static readonly Option<bool> Timings = new("--timings")
    {
        Description = "Tells what each table and each finding cost, and how much memory was used.",
    };

    private static readonly EventHubOptions Hub = new("--to-eventhub", "Sends the findings that were not sent before to this event hub, as OCSF JSON.");

    private static readonly Option<bool> DeniedFlows = new("--denied-flows") { Description = "With --to-eventhub: the refused flows too, from where the last check ended, or from --since." };

    public static Command Create(CliHost host)
    {
        var question = new QuestionOptions(offersServers: true);
        var verb = new Verb("check", "Looks for broken probes, failing requests and sideways moves, and explains each finding with its evidence.",
            new("flowlog check --since 7d --engine clickhouse --url http://localhost:8123", "What was wrong in the last seven days, computed by a ClickHouse server or cluster that reads the lake."),
            new("flowlog check --only LBP-001,LBC-001 --memory-limit 4GB --fail-on high --output json", "Two findings, for a pipeline: exit code 3 when one is high or critical."),
            new("flowlog check --since 1d --to-eventhub NAMESPACE/HUB --denied-flows", "What is new goes to an event hub, for a SIEM."));
        verb.Options.Add(Only);
        verb.Options.Add(FailOn);
        verb.Options.Add(Timings);
        question.AddTo(verb);
        Hub.AddTo(verb);
        verb.Options.Add(DeniedFlows);
        FailOn.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, [.. Enum.GetNames<Severity>().Select(name => name.ToLowerInvariant())]);
        return verb.Does(host, (call, ct) => RunAsync(call, question, ct));
    }

    private static async Task<int> RunAsync(Invocation call, QuestionOptions question, CancellationToken ct)
    {
        var hub = Hub.Address(call);
        var only = Chosen(call);
        using var session = await question.OpenAsync(call, ct);
        var result = Check.Run(session, new CheckRequest { Only = only }, ct);
        await KeepBaselineAsync(session, call, ct);
        await FindingOutput.WriteAsync(result, call, ct);
        Tell(result, call);
        if (hub is not null)
            await ToEventHub.SendAsync(call, session.Lake, result, new(hub, Hub.Access(call), question.Window(call), call.Get(DeniedFlows)), ct);
        if (call.Get(Timings))
            TimingsNote.Write(session.Database.Steps, call);
        var code = call.Get(FailOn) is { } word && result.Findings.Any(f => f.Suppressed is null && f.Severity >= Enum.Parse<Severity>(word, ignoreCase: true))
            ? ExitCode.Findings
            : ExitCode.Fine;
        return question.Code(call, result.NothingLookedAt, code);
    }

    /// <summary>A check of a lake that cannot be written to is a check all the same.</summary>
    private static async Task KeepBaselineAsync(LakeWindow session, Invocation call, CancellationToken ct)
    {
        try
        {
            await new BaselineStore(session.Lake).UpdateAsync(session.Database, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StorageDeniedException)
        {
            call.Note($"The baseline in {session.Lake.Location} could not be written, so later checks take today's contacts for new ones: {e.Message}");
        }
    }

    private static List<string> Chosen(Invocation call)
    {
        var only = (call.Get(Only) ?? []).SelectMany(ids => ids.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        return only.FirstOrDefault(id => !FindingIds.IsKnown(id)) is { } unknown
            ? throw new UsageException($"There is no finding '{unknown}'. Known are {string.Join(", ", FindingIds.All)}.")
            : only;
    }

    /// <summary>Silence is not a clean bill: what could not be looked for is said, by what is missing, and to programs one by one.</summary>
    internal static void Tell(CheckResult result, Invocation call)
    {
        foreach (var line in call.Format is OutputFormat.Json or OutputFormat.JsonLines or OutputFormat.Ocsf ? SkippedText.Each(result.Skipped) : SkippedText.Short(result.Skipped))
            call.Note(line);
    }
}
