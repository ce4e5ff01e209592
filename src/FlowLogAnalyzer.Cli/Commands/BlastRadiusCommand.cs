using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Reach;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog blast-radius</c>: what a suspect could still reach, and what cutting it off would cost.</summary>
internal static class BlastRadiusCommand
{
    private static readonly Argument<string> Who = new("SUSPECT")
    {
        Description = "An address; the name of a node, machine, pod, workload or pool; a role (system, ingress, user); or the id of a finding, for its sources.",
    };

    private static readonly Option<string?> At = new("--at") { Description = "The rules of this time; default: the newest.", HelpName = "TIME" };

    public static Command Create(CliHost host)
    {
        var question = new QuestionOptions();
        var verb = new Verb("blast-radius", "Says what a suspect could reach under the NSGs, how much of that it never used, what could be reached from there, and which rules would cut it off at what cost.",
            new("flowlog blast-radius 10.10.3.4", "A suspect address, under the newest rules."),
            new("flowlog blast-radius LAT-007 --since 24h --output md", "The sources of a finding, as a page for a ticket."),
            new("flowlog blast-radius user --at 2026-11-20T10:30Z --output json", "Any node of a role, under the rules of that time."));
        verb.Arguments.Add(Who);
        verb.Options.Add(At);
        question.AddTo(verb);
        return verb.Does(host, async (call, ct) =>
        {
            using var session = await question.OpenAsync(call, ct);
            var model = new NetworkModel(session.Inventory);
            if (!model.HasRules)
                return question.Code(call, session.LookedAt.NoInventory ?? ExplainCommand.NoRules);

            var (text, at) = (call.Get(Who)!, call.Time(At));
            var result = FindingIds.IsKnown(text) ? Check.Run(session, new CheckRequest { Only = [text.ToUpperInvariant()] }, ct) : null;
            if (result is { Findings.Count: 0, NothingLookedAt: not null })
                return question.Code(call, result.NothingLookedAt);

            var suspects = result is null ? [text] : Sources(result.Findings, text.ToUpperInvariant());
            var radius = new BlastRadiusAnalysis(session.Database, model, at).Of(suspects)
                ?? throw new CliException($"Nothing in the inventory is called '{text}', and it is no address. `flowlog inventory show` tells what is known.");
            await BlastRadiusOutput.WriteAsync(radius, call, ct);
            return question.Code(call, session.LookedAt.NoRows);
        });
    }

    private static List<string> Sources(IReadOnlyList<Finding> findings, string id)
    {
        var sources = findings.Select(f => f["source"] as string).OfType<string>().Distinct().ToList();
        return sources.Count > 0 ? sources
            : throw new CliException(findings.Count == 0 ? $"{id} was not found in this window." : $"{id} names no source: give an address.");
    }
}
