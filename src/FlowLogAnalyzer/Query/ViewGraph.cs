using FlowLogAnalyzer.Query.Engines;

namespace FlowLogAnalyzer.Query;

/// <summary>Which views (and macros) of queries/views a statement rests on, by the words in their texts.</summary>
internal sealed class ViewGraph
{
    private const int NamePlace = 4; // create or replace view NAME

    private readonly Dictionary<string, (HashSet<string> Words, string[] Variables)> _views = new(StringComparer.OrdinalIgnoreCase);

    public ViewGraph(QueryLibrary library)
    {
        foreach (var statement in library.Views.SelectMany(file => SqlTokens.Statements(file.Sql)))
        {
            var tokens = statement.Where(t => !t.IsBlank).ToList();
            if (tokens[0].Is("create"))
                _views[tokens[NamePlace].Text] = (Words(tokens.Skip(NamePlace + 1)), [.. SqlVariables.Of(tokens)]);
        }
    }

    /// <summary>The views and macros that these statements read, and all below them.</summary>
    public IReadOnlySet<string> Below(IEnumerable<string> statements) => Below(Words(statements.SelectMany(SqlTokens.Of)));

    /// <summary>Whether a statement reads a table, directly or through a view.</summary>
    public bool Reads(string statement, string table)
    {
        var words = Words(SqlTokens.Of(statement));
        return words.Contains(table) || Below(words).Any(view => _views[view].Words.Contains(table));
    }

    /// <summary>The parameters that a view, or one below it, asks for.</summary>
    public IEnumerable<string> Variables(string view) => Below([view]).SelectMany(name => _views[name].Variables).Distinct(StringComparer.Ordinal);

    private HashSet<string> Below(HashSet<string> asked)
    {
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Stack<string>(asked);
        while (open.TryPop(out var word))
        {
            if (!_views.TryGetValue(word, out var view) || !found.Add(word))
                continue;
            foreach (var next in view.Words)
                open.Push(next);
        }

        return found;
    }

    private static HashSet<string> Words(IEnumerable<SqlToken> tokens) =>
        tokens.Where(t => t.Kind == SqlTokenKind.Word).Select(t => t.Text).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
