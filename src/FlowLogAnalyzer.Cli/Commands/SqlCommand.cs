using System.Text;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog sql</c>: one question after the other, over a lake that is opened once.</summary>
internal static class SqlCommand
{
    private const string Help = """
        SQL over the lake, read-only; a statement ends with a semicolon at the end of a line.
          .tables           tables and views
          .columns NAME     columns of one
          .queries          the catalogue
          .run NAME [k=v]   a query of the catalogue
          .quit             leaves; so does the end of the input
        """;

    public static System.CommandLine.Command Create(CliHost host)
    {
        var question = new QuestionOptions(needsRows: false);
        var verb = new Verb("sql", "Opens the lake once and answers SQL, statement by statement: read-only, and confined to the lake.",
            new("flowlog sql --since 7d", "A prompt over the last seven days; .help says what it knows."),
            new("flowlog sql --output csv", "Statements from a file or a pipe on standard input; exit code 2 when one of them failed."));
        question.AddTo(verb);
        return verb.Does(host, (call, ct) => RunAsync(call, question, ct));
    }

    private static async Task<int> RunAsync(Invocation call, QuestionOptions question, CancellationToken ct)
    {
        using var session = await question.OpenAsync(call, ct);
        using var input = new StreamReader(call.Host.OpenInput(), Encoding.UTF8);
        var interactive = call.Host.ErrorIsTerminal && !Console.IsInputRedirected;
        if (interactive)
            call.Note(Help);

        var (statement, failed) = (new StringBuilder(), false);
        while (true)
        {
            if (interactive)
                await call.Host.Error.WriteAsync(statement.Length == 0 ? "flowlog> " : "    ...> ");
            var line = await input.ReadLineAsync(ct);
            if (line is null || (statement.Length == 0 && line.Trim() is ".quit" or ".exit"))
                break;

            if (statement.Length == 0 && line.TrimStart().StartsWith('.'))
            {
                failed |= !await TryAsync(call, () => MetaAsync(call, session, line.Trim(), ct));
                continue;
            }

            statement.AppendLine(line);
            if (line.TrimEnd().EndsWith(';'))
                failed |= !await AnswerAsync(call, session, statement, ct);
        }

        if (!string.IsNullOrWhiteSpace(statement.ToString()))
            failed |= !await AnswerAsync(call, session, statement, ct);
        return failed && !interactive ? ExitCode.Failed : ExitCode.Fine;
    }

    private static async Task<bool> AnswerAsync(Invocation call, LakeWindow session, StringBuilder statement, CancellationToken ct)
    {
        var sql = statement.ToString().Trim().TrimEnd(';');
        statement.Clear();
        return sql.Trim().Length == 0 || await TryAsync(call, async () =>
        {
            using var rows = session.Database.Query(sql);
            await WriteAsync(call, rows, ct);
        });
    }

    private static async Task MetaAsync(Invocation call, LakeWindow session, string line, CancellationToken ct)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case [".tables"]:
                using (var rows = session.Database.Query("select distinct table_name as name, table_type as type from information_schema.tables order by name"))
                    await WriteAsync(call, rows, ct);
                break;
            case [".columns", var table]:
                using (var rows = session.Database.Query($"describe \"{table.Replace("\"", "\"\"", StringComparison.Ordinal)}\""))
                    await WriteAsync(call, rows, ct);
                break;
            case [".queries"]:
                await call.WriteAsync(ResultSet.Of(["name", "question"], session.Database.Library.Queries.Select(q => (IReadOnlyList<object?>)[q.Name, q.Question])), ct);
                break;
            case [".run", var name, .. var settings]:
                var query = session.Database.Library.Find(name) ?? throw new QueryRefusedException($"There is no query '{name}'; .queries lists them.");
                using (var rows = session.Run(query, settings.Select(s => s.Split('=', 2)).ToDictionary(s => s[0], s => s.Length > 1 ? s[1] : "", StringComparer.Ordinal)))
                    await WriteAsync(call, rows, ct);
                break;
            case [".help"]:
                call.Note(Help);
                break;
            default:
                throw new QueryRefusedException($"'{words[0]}' is no command of this prompt; .help lists them.");
        }
    }

    private static async Task WriteAsync(Invocation call, QueryRows rows, CancellationToken ct)
    {
        await call.WriteAsync(ResultSet.Of([.. rows.Columns.Select(c => c.Name)], rows.Read()), ct);
        await call.Host.Out.FlushAsync(ct);
    }

    /// <summary>A statement that fails is told and does not end the session.</summary>
    private static async Task<bool> TryAsync(Invocation call, Func<Task> answer)
    {
        try
        {
            await answer();
            return true;
        }
        catch (Exception e) when (e is QueryRefusedException or System.Data.Common.DbException)
        {
            call.Note(e.Message);
            return false;
        }
    }
}
