using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Replay;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog replay</c>: recorded flows against rules.</summary>
internal static class ReplayCommand
{
    private static readonly Option<FileInfo[]> Proposed = new("--nsg")
    {
        Description = "Proposed NSGs, as az, ARM, a compiled template or a Terraform plan writes them; also security admin rules and effective-rules exports.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<bool> Current = new("--current")
    {
        Description = "The self-check: do the exported rules decide every recorded flow as it was logged?",
    };

    private const string TagsHeading = "What the service tags in the rules stand for";

    public static Command Create(CliHost host)
    {
        var (question, tags) = (new QuestionOptions(), new TagsOption());
        var verb = new Verb("replay", "Asks rules about recorded flows: the exported ones (do they explain the logs?), or proposed ones (what would they have changed?).",
            new("flowlog replay --current --since 7d", "The self-check: agreement with the logs, and why where there is none."),
            new("flowlog replay --nsg proposed.json --since 30d --output md", "What a hardening plan would have cut or opened in the last month."),
            new("flowlog replay --nsg main.json main.parameters.json --tags ServiceTags_Public_20261116.json", "A compiled Bicep file with its parameters, and tags such as AzureKeyVault from the downloaded list."));
        verb.Options.Add(Proposed);
        verb.Options.Add(Current);
        question.AddTo(verb);
        tags.AddTo(verb);
        return verb.Does(host, (call, ct) => RunAsync(call, question, tags.Read(call), ct));
    }

    private static async Task<int> RunAsync(Invocation call, QuestionOptions question, NetworkModelOptions options, CancellationToken ct)
    {
        var files = call.Get(Proposed) ?? [];
        if (!call.Get(Current) && files.Length == 0)
            throw new UsageException("Give --current for the self-check, or --nsg FILE with proposed NSGs.");

        var given = NsgFiles.Read(files);
        using var session = call.Get(Current) ? await question.OpenUnnamedAsync(call, ct) : await question.OpenAsync(call, ct);
        var model = new NetworkModel(session.Inventory, options with { AdminRules = given.AdminRules, Effective = given.Effective });
        var lookedAt = session.LookedAt;
        if (!model.HasRules)
            return question.Code(call, lookedAt.NoInventory ?? ExplainCommand.NoRules);

        if (call.Get(Current))
        {
            var result = SelfCheck.Run(session.Database, model, ct);
            await SelfCheckAsync(call, result, ct);
            return question.Code(call, lookedAt.NoRows ?? result.NothingDecided);
        }

        if (WhatIf.NothingProposed(model, given, files.Select(f => f.Name)) is { } nothing && !question.AllowsEmpty(call))
            return question.Code(call, nothing);

        var proposed = WhatIf.Run(session.Database, model, given, session.Configuration, ct);
        return question.Code(call, lookedAt.NoRows ?? proposed.NothingDecided, await WhatIfAsync(call, proposed, ct));
    }

    private static async Task SelfCheckAsync(Invocation call, SelfCheckResult result, CancellationToken ct)
    {
        var rows = result.Groups.Select(g => (IReadOnlyList<object?>)
            [g.Outcome.ToString(), g.Flows, $"{g.Nsg}/{g.Rule}", g.Logged.ToString(), g.Decided.ToString(), g.DecidedBy, g.FirstSeen, g.LastSeen, g.Example, g.Explanation]);
        string[] columns = ["outcome", "flows", "logged_by", "logged", "decided", "decided_by", "first_seen", "last_seen", "example", "explanation"];
        if (await WroteDataAsync(call, result, columns, rows, ct))
            return;

        var page = new ReportPage();
        page.Heading("Recorded flows against the exported rules");
        page.Say(result.Agreement is { } share
            ? $"{Percent(share)} of the flows that could be decided agree with the logs, in decision and rule: {result.Agreed} of {result.Agreed + result.Differed}. {result.NotDecided} of {result.Flows} flows could not be decided ({result.Classes} kinds of flow were asked about, {result.Rows} rows)."
            : $"None of {result.Flows} flows could be decided.");
        if (result.Assumed > 0)
            page.Say($"{result.Assumed} of the agreements lean on an address that is only assumed to be in a tag, such as the pod CIDR of CNI Overlay in VirtualNetwork.");
        foreach (var group in result.Groups)
        {
            page.Heading($"{group.Flows} {(group.Flows == 1 ? "flow" : "flows")}: {group.Outcome}");
            page.Say(group.Explanation);
            page.Say($"For example {group.Example}; logged {group.Logged} by {group.Nsg}/{group.Rule}, {CellText.Time(group.FirstSeen)} to {CellText.Time(group.LastSeen)}.");
        }

        page.Heading(TagsHeading);
        page.Bullets(result.Tags);
        await page.WriteAsync(call, ct);
    }

    private static async Task<int> WhatIfAsync(Invocation call, WhatIfResult result, CancellationToken ct)
    {
        var rows = result.Flips.Select(f => (IReadOnlyList<object?>)
            [$"{f.From} to {f.To}", f.Source, f.Destination, f.Port, f.Protocol, f.Direction.ToString(), f.OldRule, f.NewRule, f.Flows, f.Bytes, f.FirstSeen, f.LastSeen, f.Required, f.ExpectedBy, f.Example]);
        string[] columns = ["flip", "source", "destination", "port", "protocol", "direction", "old_rule", "new_rule", "flows", "bytes", "first_seen", "last_seen", "required_by_aks", "expected_by", "example"];
        if (!await WroteDataAsync(call, result, columns, rows, ct))
        {
            var page = new ReportPage();
            page.Heading("Recorded flows against the proposed rules");
            page.Say($"Of {result.Flows} flows {result.AllowedToDenied} would be denied, {result.DeniedToAllowed} would be allowed, {result.Unchanged} stay as they were and {result.NotDecided} cannot be told.");
            if (result.RequiredDenied > 0)
                page.Say($"AKS requires {result.RequiredDenied} of those that would be denied: do not apply these rules as they are.");
            if (result.ExpectedDenied > 0)
                page.Say($"{result.ExpectedDenied} of those that would be denied are of clients that flowlog.json expects.");
            page.Bullets(result.Effects);
            page.Table(columns, rows);
            page.Bullets(result.Notes);
            page.Heading(TagsHeading);
            page.Bullets(result.Tags);
            page.Heading("What this cannot show");
            page.Bullets(result.Limits);
            await page.WriteAsync(call, ct);
        }

        return result.RequiredDenied > 0 ? ExitCode.Findings : ExitCode.Fine;
    }

    /// <summary>True for the formats that programs read.</summary>
    internal static async Task<bool> WroteDataAsync<T>(Invocation call, T value, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows, CancellationToken ct)
    {
        switch (call.Format)
        {
            case OutputFormat.Json: await RecordJson.WriteAsync(value, call.Host); return true;
            case OutputFormat.JsonLines: await JsonLinesOutput.WriteAsync(ResultSet.Of(columns, rows), call.Host.Out, ct); return true;
            case OutputFormat.Csv: await CsvOutput.WriteAsync(ResultSet.Of(columns, rows), call.Host.Out, ct); return true;
            default: return false;
        }
    }

    private static string Percent(double share) => share is < 1 and > 0.9995 ? "More than 99.9 %" : FindingFacts.Percent(share);
}
