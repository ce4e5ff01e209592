using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg.Suggest;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog fix</c>: the rules that repair findings, with their proof.</summary>
internal static class FixCommand
{
    private static readonly Argument<string[]> Ids = new("FINDING") { HelpName = "FINDING", Description = "Findings to repair, by id, or Services (namespace/name) of which all that they need is looked at; default: every finding that rules can repair.", Arity = ArgumentArity.ZeroOrMore, CompletionSources = { FindingIds.Completions } };

    private static readonly Option<string?> As = new("--as") { Description = "Prints the rules only: az, bicep or terraform, with the proof as comments.", HelpName = "FORM" };

    public static Command Create(CliHost host)
    {
        var (question, tags) = (new QuestionOptions(), new TagsOption());
        var verb = new Verb("fix", "Makes the smallest bundle of NSG rules that repairs findings, in a safe order, and proves it by replaying what was recorded.",
            new("flowlog fix --since 24h", "The bundles for everything that rules can repair, with proof, order and alternatives."),
            new("flowlog fix LBC-001 --as bicep", "The rules for one kind of finding, as Bicep."),
            new("flowlog fix ingress/ingress-nginx-controller", "All that a Service needs, whether or not anything was refused yet."));
        verb.Arguments.Add(Ids);
        verb.Options.Add(As);
        As.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, "az", "bicep", "terraform");
        question.AddTo(verb);
        tags.AddTo(verb);
        return verb.Does(host, (call, ct) => RunAsync(call, question, tags.Read(call), ct));
    }

    private static async Task<int> RunAsync(Invocation call, QuestionOptions question, NetworkModelOptions options, CancellationToken ct)
    {
        var asked = (call.Get(Ids) ?? []).ToLookup(id => id.Contains('/', StringComparison.Ordinal));
        var (services, ids) = (asked[true].ToList(), asked[false].ToList());
        if (ids.FirstOrDefault(id => !FindingIds.IsKnown(id)) is { } unknown)
            throw new UsageException($"There is no finding '{unknown}'. Known are {string.Join(", ", FindingIds.All)}.");

        using var session = await question.OpenAsync(call, ct);
        var model = new NetworkModel(session.Inventory, options);
        if (!model.HasRules)
            return question.Code(call, session.LookedAt.NoInventory ?? ExplainCommand.NoRules);

        var planner = new FixPlanner(session.Database, model, session.Configuration);
        List<FixBundle> bundles = [.. services.Select(service => ForService(service, planner))];
        var nothing = session.LookedAt.NoRows;
        if (services.Count == 0 || ids.Count > 0)
        {
            var found = Check.RunWithRepairs(session, new CheckRequest { Only = ids, Rules = options }, ct);
            bundles.AddRange(found.Bundles);
            nothing ??= found.Result.NothingLookedAt;
        }

        if (bundles.Count == 0 && nothing is null)
            call.Note("Nothing to repair: there is no such finding, or no rule of the exported NSGs explains what was refused. flowlog check tells what was found, flowlog replay --current whether the exports fit the logs.");
        await WriteAsync(bundles, call, ct);
        return question.Code(call, nothing);
    }

    private static FixBundle ForService(string service, FixPlanner planner) => planner.PlanFor(service)
        ?? throw new CliException($"No load balancer has a Service {service}. Known are {(planner.Services.Count > 0 ? string.Join(", ", planner.Services) : "none: import the Services, kubectl get services -A -o json")}.");

    private static async Task WriteAsync(IReadOnlyList<FixBundle> bundles, Invocation call, CancellationToken ct)
    {
        if (call.Format is OutputFormat.Json or OutputFormat.JsonLines)
        {
            var views = bundles.Select(BundleView.Of).ToList();
            await (call.Format == OutputFormat.Json ? RecordJson.WriteAsync(views, call.Host) : RecordJson.WriteLinesAsync(views, call.Host));
            return;
        }

        if (call.Format == OutputFormat.Csv)
        {
            await CsvOutput.WriteAsync(ResultSet.Of(StepColumns, bundles.SelectMany(b => b.Steps.Select(s => Row(b, s)))), call.Host.Out, ct);
            return;
        }

        foreach (var bundle in bundles)
        {
            if (call.Get(As) is { } form)
                await call.Host.Out.WriteLineAsync(Script(bundle, Enum.Parse<SuggestionForm>(form, ignoreCase: true)));
            else
                await Page(bundle).WriteAsync(call, ct);
        }
    }

    private static readonly string[] StepColumns = ["service", "nsg", "rule", "priority", "direction", "protocol", "source", "destination", "ports", "share_alone", "unsafe_alone"];

    private static IReadOnlyList<object?> Row(FixBundle bundle, FixStep step) =>
    [
        bundle.Service, step.Nsg.Name, step.Rule.Name, step.Rule.Priority, step.Rule.Direction.ToString(), step.Rule.Protocol.ToString(), step.Rule.Source.Prefixes.ToString(),
        step.Rule.Destination.Prefixes.ToString(), step.Rule.Destination.Ports.ToString(), step.ShareAlone, step.IsUnsafeAlone,
    ];

    private static string Script(FixBundle bundle, SuggestionForm form) =>
        ReportPage.Comment(form == SuggestionForm.Bicep ? "//" : "#", Told(bundle)) + "\n" + bundle.Text(form);

    private static IEnumerable<string> Told(FixBundle bundle) =>
    [
        Title(bundle),
        ShareSentence(bundle),
        ProofSentence(bundle),
        .. bundle.Proof.AlsoAdmitted.Select(a => $"Also admitted: {a}"),
        .. bundle.UnsafeOrder,
        .. bundle.ByHand,
        .. Since(bundle),
        .. bundle.Support is { } support ? new[] { support } : [],
    ];

    private static ReportPage Page(FixBundle bundle)
    {
        var page = new ReportPage();
        page.Heading(Title(bundle));
        page.Say(ShareSentence(bundle));
        page.Bullets(bundle.Effects);
        page.Say(ProofSentence(bundle));
        page.Bullets(bundle.Proof.AlsoAdmitted.Select(a => $"Also admitted: {a}"));
        page.Bullets(Since(bundle));
        page.Table(StepColumns[1..], bundle.Steps.Select(s => (IReadOnlyList<object?>)[.. Row(bundle, s).Skip(1)]));
        page.Bullets(bundle.UnsafeOrder);
        page.Bullets(bundle.ByHand);
        if (bundle.Steps.Count > 0)
            page.Code(string.Join('\n', bundle.Az));
        page.Bullets(bundle.Alternatives.Select(a => $"Alternative, {a.Name}: {a.Effect}"));
        if (bundle.Support is { } support)
            page.Say(support);
        return page;
    }

    private static string Title(FixBundle bundle) => bundle.Findings.Count > 0 ? $"{bundle.Service}: {string.Join("; ", bundle.Findings)}" : $"{bundle.Service}: {(bundle.Steps.Count > 0 ? "what its rules refuse and it needs" : "no rule refuses what it needs")}";

    private static string ShareSentence(FixBundle bundle) =>
        $"The expected failure share of new connections {bundle.ShareChange}, by the rules in force at {CellText.Time(bundle.At)}.";

    private static string ProofSentence(FixBundle bundle) =>
        $"By replay: {bundle.Proof.Repaired} refused rows would be let through, {bundle.Proof.StillDenied} would still be refused, and {(bundle.Proof.AlsoAdmitted.Count == 0 ? "no other recorded refusal would be lifted" : "other recorded refusals would be lifted")}.";

    private static IEnumerable<string> Since(FixBundle bundle) =>
        bundle.RepairedSince is { } since ? [$"The rules exported at {CellText.Time(since)} already let all of it through: nothing is left to do."] : [];
}
