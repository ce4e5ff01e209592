using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog evidence</c>: the rows behind a finding, and the SQL that gives them.</summary>
internal static class EvidenceCommand
{
    private static readonly Argument<string> Which = new("ID") { Description = "The id of a finding (LBC-001), of one of several (LBC-001:2), or of an incident (OUT-3F9A2C).", HelpName = "ID" };

    private static readonly Option<bool> OnlySql = new("--sql-only") { Description = "Prints the SQL and does not run it." };

    public static Command Create(CliHost host)
    {
        var question = new QuestionOptions(offersServers: true);
        var verb = new Verb("evidence", "Prints the rows of the lake that a finding was made from; the SQL goes to standard error.",
            new("flowlog evidence LBC-001 --since 24h --output csv > rows.csv", "What shows that requests were denied, for a ticket."),
            new("flowlog evidence LBC-001:2 --sql-only", "The statement behind the second finding of this id."));
        verb.Arguments.Add(Which);
        verb.Options.Add(OnlySql);
        question.AddTo(verb);
        return verb.Does(host, async (call, ct) =>
        {
            using var session = await question.OpenAsync(call, ct);
            var (id, place) = FindingChoice.Parse(call.Get(Which)!);
            var found = FindingChoice.Find(session, id, out var nothing, ct);
            if (found.Count == 0)
                return question.Code(call, nothing);
            if (place > found.Count)
                throw new CliException($"{id} was found {found.Count} times in this window, so there is no {id}:{place}.");
            if (place is null && found.Count > 1)
                call.Note($"{id} has {found.Count} findings; this is the first. {string.Join("; ", found.Skip(1).Select((f, i) => $"{id}:{i + 2} is {f.Id} {f.Subject}"))}.");

            var finding = found[(place ?? 1) - 1];
            if (finding["sql"] is not string sql)
                throw new CliException($"{finding.Id} is worked out from the rules, not from rows: `flowlog show {finding.Id}` has what there is.");
            if (call.Get(OnlySql))
            {
                await call.Host.Out.WriteLineAsync(sql);
                return ExitCode.Fine;
            }

            call.Note(sql);
            using var rows = session.Database.Query(sql);
            await call.WriteAsync(ResultSet.Of([.. rows.Columns.Select(c => c.Name)], rows.Read()), ct);
            return question.Code(call, nothing);
        });
    }
}
