using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Findings;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog show</c>: one incident, or the findings of one id, in full.</summary>
internal static class ShowCommand
{
    private static readonly Argument<string> Which = new("ID") { Description = "The id of an incident (OUT-3F9A2C) or of a finding (LBC-001).", HelpName = "ID" };

    public static Command Create(CliHost host)
    {
        var question = new QuestionOptions(offersServers: true);
        var verb = new Verb("show", "Shows an incident or a finding in full: what was seen, the repair with its proof, and what the logs could not show.",
            new("flowlog show LBC-001 --since 24h", "Every finding of this id in the last day."),
            new("flowlog show OUT-3F9A2C", "All findings of an incident that `flowlog incidents` listed."));
        verb.Arguments.Add(Which);
        question.AddTo(verb);
        return verb.Does(host, async (call, ct) =>
        {
            using var session = await question.OpenAsync(call, ct);
            var found = FindingChoice.Find(session, call.Get(Which)!, out var nothing, ct);
            await FindingOutput.WriteAsync(new CheckResult(found, []) { NothingLookedAt = nothing }, call, ct);
            return question.Code(call, nothing);
        });
    }
}
