namespace FlowLogAnalyzer.Query.Engines;

/// <summary>
/// The views and macros of queries/, made when a statement first asks for them: DuckDB works out the columns of a view, and
/// of all views below it, as it is made. That costs more than most questions do, and most questions need a few of all.
/// </summary>
/// <param name="execute">Runs a statement.</param>
internal sealed class DuckDbDefinitions(Action<string> execute)
{
    private const int NamePlace = 4; // create or replace view NAME, or macro NAME
    private const int CommentPlace = 3; // comment on view NAME is

    /// <summary>Words by which a statement can read a view without naming it, or ask which there are.</summary>
    private static readonly HashSet<string> AskForAll = new(StringComparer.OrdinalIgnoreCase)
    {
        "show", "query", "query_table", "information_schema", "sqlite_master", "sqlite_schema",
    };

    private static readonly string[] CataloguePrefixes = ["duckdb_", "pg_", "pragma_"];

    private readonly Dictionary<string, Definition> _open = new(StringComparer.OrdinalIgnoreCase);
    private int _added;

    /// <summary>Runs the statements of a file, but keeps its views and macros, and the comments on them, for later.</summary>
    public void Add(string script)
    {
        foreach (var statement in SqlTokens.Statements(script))
            Add(string.Concat(statement.Select(t => t.Text)), [.. statement.Where(t => !t.IsBlank)]);
    }

    /// <summary>Makes what the statement asks for and is not there yet.</summary>
    public void MakeFor(string sql)
    {
        if (_open.Count == 0)
            return;

        var names = Names(SqlTokens.Of(sql));
        Make(names.Any(AsksForAll) ? [.. _open.Keys] : names, int.MaxValue);
    }

    private void Add(string text, List<SqlToken> tokens)
    {
        if (tokens[0].Is("create"))
            _open[tokens[NamePlace].Text] = new Definition([text], Names(tokens.Skip(NamePlace + 1)), _added++);
        else if (tokens[0].Is("comment") && _open.TryGetValue(tokens[CommentPlace].Text, out var commented))
            commented.Statements.Add(text);
        else
            execute(text);
    }

    /// <summary>
    /// What a definition reads is made first. Any word may be the name of one, or of a column that is called so too: then it is
    /// made for nothing, but only one that stands before.
    /// </summary>
    private void Make(IReadOnlyCollection<string> names, int place)
    {
        foreach (var name in names)
        {
            if (!_open.TryGetValue(name, out var definition) || definition.Place >= place)
                continue;
            _open.Remove(name);
            Make(definition.Names, definition.Place);
            definition.Statements.ForEach(execute);
        }
    }

    private static bool AsksForAll(string name) => AskForAll.Contains(name)
        || Array.Exists(CataloguePrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static HashSet<string> Names(IEnumerable<SqlToken> tokens) =>
        tokens.Where(t => t.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName).Select(t => t.Text.Trim('"')).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <param name="Statements">What makes it, then the comments on it.</param>
    /// <param name="Names">Everything that it may read.</param>
    /// <param name="Place">Among all, in the order of the files.</param>
    private sealed record Definition(List<string> Statements, IReadOnlyCollection<string> Names, int Place);
}
