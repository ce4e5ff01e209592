using System.CommandLine;
using System.Globalization;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog explain</c>: one connection or one finding, hop by hop.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string[]> What = new("WHAT") { Description = "SRC DST PORT (addresses and a port), or the id of a finding.", Arity = new ArgumentArity(1, 3) };

    private static readonly Option<string?> At = new("--at") { Description = "When; default: the time of the last recorded tuple.", HelpName = "TIME" };

    public static Command Create(CliHost host)
    {
        var (question, tags) = (new QuestionOptions(), new TagsOption());
        var verb = new Verb("explain", "Follows one connection, or what a finding is about, from NIC to NIC: every NSG with the rule that decides, and what was logged.",
            new("flowlog explain 10.10.4.4 10.10.2.100 80", "A client's way through the load balancer to the pods."),
            new("flowlog explain LBC-001 --since 24h", "A finding, hop by hop."),
            new("flowlog explain 10.10.3.4 20.60.1.1 443 --tags tags.json", "With tags that no export explains, from a map of your own."));
        verb.Arguments.Add(What);
        verb.Options.Add(At);
        question.AddTo(verb);
        tags.AddTo(verb);
        return verb.Does(host, (call, ct) => RunAsync(call, question, tags.Read(call), ct));
    }

    private static async Task<int> RunAsync(Invocation call, QuestionOptions question, NetworkModelOptions options, CancellationToken ct)
    {
        var what = call.Get(What)!;
        var asked = what.Length == 1 ? null : Connection(what);
        if (asked is null && !FindingIds.IsKnown(what[0]))
            throw new UsageException($"explain takes SRC DST PORT, such as 10.10.4.4 10.10.2.100 80, or a finding: {string.Join(", ", FindingIds.All)}.");

        using var session = await question.OpenAsync(call, ct);
        var model = new NetworkModel(session.Inventory, options);
        var nothing = session.LookedAt.NoInventory ?? (model.HasRules ? session.LookedAt.NoRows : NoRules);
        if (asked is { } connection)
        {
            var at = call.Time(At) ?? LastSeen(session.Database) ?? call.Host.Clock.GetUtcNow().UtcDateTime;
            await WriteAsync([new Explained(null, new PathExplainer(session.Database, model, at).Explain(connection.Source, connection.Destination, connection.Port))], call, ct);
            return question.Code(call, nothing);
        }

        var id = what[0].ToUpperInvariant();
        var result = Check.Run(session, new CheckRequest { Only = [id], Rules = options }, ct);
        if (result is { Findings.Count: 0, NothingLookedAt: null })
            call.Note($"{id} was not found in this window.");
        await WriteAsync([.. result.Findings.Select(f => new Explained(f, PathExplainer.OfFinding(f, session.Database, model)))], call, ct);
        return question.Code(call, result.NothingLookedAt);
    }

    internal const string NoRules = "The inventory has no NSGs, so no rule was looked at. Import them: az network nsg list -o json > nsg.json; flowlog inventory import nsg.json";

    /// <summary>A finding, when one was asked for, and the way that it is about, when it is about one.</summary>
    private sealed record Explained(Finding? Finding, PathExplanation? Path);

    private sealed record Asked(string Source, string Destination, int Port);

    private static Asked Connection(string[] what) =>
        what.Length == 3 && IpAddressKey.TryParse(what[0], out _) && IpAddressKey.TryParse(what[1], out _) && int.TryParse(what[2], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? new Asked(what[0], what[1], port)
            : throw new UsageException($"'{string.Join(' ', what)}' is not SRC DST PORT: two IP addresses and a port from 1 to 65535, such as 10.10.4.4 10.10.2.100 80.");

    private static DateTime? LastSeen(LakeDatabase database)
    {
        using var rows = database.Query("select max(time) from tuples");
        return rows.Read().Single()[0] as DateTime?;
    }

    private static async Task WriteAsync(IReadOnlyList<Explained> explained, Invocation call, CancellationToken ct)
    {
        if (call.Format is OutputFormat.Json or OutputFormat.JsonLines)
        {
            var paths = explained.Select(e => new { finding = e.Finding?.Id, subject = e.Finding?.Subject, explanation = e.Finding?.Explanation, path = e.Path }).ToList();
            await (call.Format == OutputFormat.Json ? RecordJson.WriteAsync(paths, call.Host) : RecordJson.WriteLinesAsync(paths, call.Host));
            return;
        }

        string[] columns = ["hop", "where", "flow", "decision", "rules", "logged_allowed", "logged_denied"];
        if (call.Format == OutputFormat.Csv)
        {
            await CsvOutput.WriteAsync(ResultSet.Of(columns, explained.SelectMany(e => e.Path?.Hops ?? []).SelectMany(h => h.Checks).Select(Row)), call.Host.Out, ct);
            return;
        }

        foreach (var item in explained)
            await Page(item, columns, call.LakeName).WriteAsync(call, ct);
    }

    private static IReadOnlyList<object?> Row(HopCheck check) =>
        [check.Title, check.At, check.Flow, check.Decision, string.Join("; ", check.Levels), check.Logged.Allowed, check.Logged.Denied];

    private static ReportPage Page(Explained explained, string[] columns, string lake)
    {
        var page = new ReportPage();
        if (explained.Finding is { } finding)
        {
            page.Heading($"{finding.Id} {finding.Title}: {finding.Subject}");
            page.Say(finding.Explanation);
            page.Bullets(FindingFacts.Of(finding, lake).Select(f => $"{f.Name}: {f.Text}"));
            if (FindingFacts.EvidenceCommand(finding, lake) is { } command)
                page.Code(command);
        }

        if (explained.Path is not { } path)
            return page;

        page.Heading($"{path.Source} to {path.Destination}:{path.Port}, by the rules of {CellText.Time(path.At)}");
        foreach (var sentence in path.Summary)
            page.Say(sentence);
        foreach (var hop in path.Hops)
        {
            page.Heading(hop.Title);
            page.Table(columns, hop.Checks.Select(Row));
        }

        return page;
    }
}
