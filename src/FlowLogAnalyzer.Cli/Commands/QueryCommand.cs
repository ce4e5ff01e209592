using System.CommandLine;
using System.CommandLine.Completions;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog query</c>: the catalogue, or SQL of one's own.</summary>
internal static class QueryCommand
{
    private static readonly Argument<string?> Name = new("NAME") { HelpName = "NAME", Description = "A query of the catalogue; --list shows them.", Arity = ArgumentArity.ZeroOrOne, CompletionSources = { _ => QueryLibrary.BuiltIn.Queries.Select(q => new CompletionItem(q.Name)) } };
    private static readonly Option<string?> Sql = new("--sql") { Description = "SQL to run: one statement that reads.", HelpName = "SQL" };
    private static readonly Option<FileInfo?> SqlFile = new("--file") { Description = "A file with SQL to run.", HelpName = "FILE" };
    private static readonly Option<string[]> Set = new("--set") { Description = "Value of a parameter of the query; can be repeated.", HelpName = "NAME=VALUE", CompletionSources = { Parameters } };
    private static readonly Option<bool> List = new("--list") { Description = "Lists the catalogue with the parameters of each query." };

    public static Command Create(CliHost host)
    {
        var question = new QuestionOptions(offersServers: true);
        var verb = new Verb("query", "Runs a query of the catalogue, or SQL, over the lake: read-only, and confined to the lake.",
            new("flowlog query --list", "What can be asked."),
            new("flowlog query --sql \"select rule, count(*) as tuples from tuples group by rule order by tuples desc\" --since 24h", "SQL over the views of the lake."),
            new("flowlog query --file mine.sql --set port=22 --output csv", "A file of your own, with a parameter, for a spreadsheet."));
        verb.Arguments.Add(Name);
        foreach (var option in new Option[] { Sql, SqlFile, Set, List })
            verb.Options.Add(option);
        question.AddTo(verb);
        return verb.Does(host, (call, ct) => RunAsync(call, question, ct));
    }

    private static async Task<int> RunAsync(Invocation call, QuestionOptions question, CancellationToken ct)
    {
        if (call.Get(List))
        {
            await call.WriteAsync(Catalogue(), ct);
            return ExitCode.Fine;
        }

        var (query, sql) = Asked(call);
        var variables = Variables(call.Get(Set) ?? []);
        using var session = await question.OpenAsync(call, ct);
        using var rows = query is not null ? session.Run(query, variables) : session.Database.Query(sql!, variables);
        await call.WriteAsync(ResultSet.Of([.. rows.Columns.Select(c => c.Name)], rows.Read()), ct);
        return question.Code(call, session.Database.ReadsTuples(query?.Sql ?? sql!) ? session.LookedAt.NoRows : null);
    }

    private static (QueryFile? Query, string? Sql) Asked(Invocation call)
    {
        var (name, sql, file) = (call.Get(Name), call.Get(Sql), call.Get(SqlFile));
        if (new object?[] { name, sql, file }.Count(given => given is not null) != 1)
            throw new UsageException("Give one of: the NAME of a query, --sql or --file. `flowlog query --list` shows the catalogue.");

        if (name is not null)
            return (QueryLibrary.BuiltIn.Find(name) ?? throw new UsageException($"There is no query '{name}'. `flowlog query --list` shows the catalogue."), null);

        return (null, sql ?? File.ReadAllText(file!.FullName));
    }

    /// <summary>The parameters of the query that was typed before.</summary>
    private static IEnumerable<CompletionItem> Parameters(CompletionContext context) =>
        context.ParseResult.GetValue(Name) is { } name && QueryLibrary.BuiltIn.Find(name) is { } query
            ? query.Parameters.Select(p => new CompletionItem($"{p.Name}={p.Default.ToString().Trim('\'')}"))
            : [];

    private static Dictionary<string, string> Variables(string[] settings)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            if (setting.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var at))
                throw new UsageException($"--set takes NAME=VALUE, not '{setting}'.");

            variables[setting[..at]] = setting[(at + 1)..];
        }

        return variables;
    }

    private static ResultSet Catalogue() => ResultSet.Of(
        ["name", "group", "title", "parameters"],
        QueryLibrary.BuiltIn.Queries.Select(q => (IReadOnlyList<object?>)
            [q.Name, q.Folder, q.Title, string.Join(", ", q.Parameters.Select(p => $"{p.Name}={p.Default}"))]));
}
