using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Incidents;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog incidents</c>: findings joined by what causes them.</summary>
internal static class IncidentsCommand
{
    public static Command Create(CliHost host)
    {
        var question = new QuestionOptions(offersServers: true);
        var verb = new Verb("incidents", "Joins the findings by cause: one incident for what goes wrong at one Service, one for all that a suspect does, with the command to type next.",
            new("flowlog incidents --since 24h", "What was wrong in the last day, and what still is."),
            new("flowlog incidents --since 7d --output json", "The same for a program, with the findings beneath each incident."));
        question.AddTo(verb);
        return verb.Does(host, async (call, ct) =>
        {
            using var session = await question.OpenAsync(call, ct);
            var result = Check.Run(session, null, ct);
            if (result is not { Findings.Count: 0, NothingLookedAt: not null } || call.Format != OutputFormat.Table)
                await IncidentOutput.WriteAsync(Of(session, result), call, ct);
            CheckCommand.Tell(result, call);
            return question.Code(call, result.NothingLookedAt);
        });
    }

    public static IReadOnlyList<Incident> Of(LakeWindow session, Findings.CheckResult result) =>
        IncidentBuilder.Join(result.Findings, LastRow(session.Database));

    private static DateTime? LastRow(LakeDatabase database)
    {
        using var rows = database.Query("select max(time) from tuples");
        return rows.Read().Single()[0] as DateTime?;
    }
}
