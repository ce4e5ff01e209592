using FlowLogAnalyzer.Analysis.Engines;

namespace FlowLogAnalyzer.Analysis;

/// <summary>Which views (and macros) of queries/views a statement rests on, by the words in their texts.</summary>
internal sealed class ViewGraph
{
    private const int NamePlace = 4; // create or replace view NAME

    private readonly Dictionary<string, HashSet<string>> _words = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string[]> _variables = new(StringComparer.OrdinalIgnoreCase);

    public ViewGraph(QueryLibrary library)
    {
        foreach (var statement in library.Views.SelectMany(file => SqlTokens.Statements(file.Sql)))
        {
            var tokens = statement.Where(t => !t.IsBlank).ToList();
            if (!tokens[0].Is("create"))
                continue;
            _words[tokens[NamePlace].Text] = Words(tokens.Skip(NamePlace + 1));
            _variables[tokens[NamePlace].Text] = [.. SqlVariables.Of(tokens)];
        }
    }

    /// <summary>The views and macros that these statements read, and all below them.</summary>
    public IReadOnlySet<string> Below(IEnumerable<string> statements) => Below(Words(statements.SelectMany(SqlTokens.Of)));

    /// <summary>The parameters that a view, or one below it, asks for.</summary>
    public IEnumerable<string> Variables(string view) => Below([view]).SelectMany(name => _variables[name]).Distinct(StringComparer.Ordinal);

    private HashSet<string> Below(HashSet<string> asked)
    {
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Stack<string>(asked);
        while (open.TryPop(out var word))
        {
            if (!_words.TryGetValue(word, out var words) || !found.Add(word))
                continue;
            foreach (var next in words)
                open.Push(next);
        }

        return found;
    }

    private static HashSet<string> Words(IEnumerable<SqlToken> tokens) =>
        tokens.Where(t => t.Kind == SqlTokenKind.Word).Select(t => t.Text).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
