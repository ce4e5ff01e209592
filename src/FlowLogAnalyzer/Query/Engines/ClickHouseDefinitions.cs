using System.Security.Cryptography;
using System.Text;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>
/// The functions and views of queries/ for one run, told to the server when a statement first asks for them: most
/// statements need a few of all.
/// </summary>
/// <remarks>
/// Functions belong to the whole server. So that a run changes no function that somebody has there, and two versions of
/// this tool not each other's, a function's name on the server tells its text: <c>flowlog_len_1c4f2a90</c>.
/// </remarks>
/// <param name="execute">Runs a statement, which the first argument names.</param>
internal sealed class ClickHouseDefinitions(Action<string, string> execute)
{
    private const int DigestBytes = 4;
    private const int ViewNamePlace = 4; // create or replace view NAME

    private readonly Dictionary<string, Definition> _functions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _nameOnServer = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Definition> _views = new(StringComparer.Ordinal);

    /// <summary>Views on the server that ask for variables, until they are kept as tables.</summary>
    private readonly Dictionary<string, Definition> _bound = new(StringComparer.Ordinal);
    private int _added;
    private IReadOnlyDictionary<string, string> _variables = ClickHouseSql.NoVariables;

    /// <summary>Names that functions of this tool have on the server.</summary>
    public IReadOnlySet<string> OnServer => _nameOnServer.Values.ToHashSet(StringComparer.Ordinal);

    /// <summary>Takes a statement that makes a macro, a function or a view.</summary>
    /// <param name="what">Names the statement in an error.</param>
    /// <param name="statement">The statement.</param>
    /// <returns>False when it does something else.</returns>
    public bool TryAdd(string what, IReadOnlyList<SqlToken> statement)
    {
        if (ClickHouseSql.Function(statement) is var (name, lambda))
        {
            _functions[name] = new Definition(what, lambda, _added++);
            _nameOnServer.Remove(name);
        }
        else if (ClickHouseSql.Begins(statement, "create", "or", "replace", "view"))
        {
            _views[statement.Where(t => !t.IsBlank).ElementAt(ViewNamePlace).Text] = new Definition(what, statement, _added++);
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>Views cannot see variables: those on the server that ask for one that changes are made anew.</summary>
    /// <param name="variables">SQL literals by name; all others are null.</param>
    public void Bind(IReadOnlyDictionary<string, string> variables)
    {
        var changed = variables.Keys.Union(_variables.Keys, StringComparer.Ordinal)
            .Where(name => variables.GetValueOrDefault(name) != _variables.GetValueOrDefault(name)).ToHashSet(StringComparer.Ordinal);
        _variables = variables;
        foreach (var view in _bound.Values.Where(v => SqlVariables.Of(v.Statement).Any(changed.Contains)).ToList())
            execute(view.What, Ready(view.Statement, view.Place));
    }

    /// <summary>From now on the name stands for something that variables do not change.</summary>
    public void Keep(string view)
    {
        Make(view);
        _bound.Remove(view);
    }

    /// <summary>The statement as the server is told it, which by then knows all that it asks for.</summary>
    public string Ready(IReadOnlyList<SqlToken> statement) => Ready(statement, int.MaxValue);

    private string Ready(IReadOnlyList<SqlToken> statement, int place)
    {
        MakeViews(statement, place);
        return ClickHouseSql.Of(Renamed(statement), _variables);
    }

    /// <summary>Any word may be a view's name, or a column that is called so too: then the view is made for nothing, but only one that stands before.</summary>
    private void MakeViews(IReadOnlyList<SqlToken> statement, int place)
    {
        foreach (var name in statement.Where(t => t.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName).Select(t => t.Text.Trim('"')))
            if (_views.TryGetValue(name, out var view) && view.Place < place)
                Make(name);
    }

    private void Make(string name)
    {
        if (!_views.Remove(name, out var view))
            return;

        execute(view.What, Ready(view.Statement, view.Place));
        if (SqlVariables.Of(view.Statement).Any())
            _bound[name] = view;
    }

    /// <summary>With the names that the functions have on the server.</summary>
    private List<SqlToken> Renamed(IReadOnlyList<SqlToken> statement)
    {
        var renamed = new List<SqlToken>(statement);
        for (var i = 0; i < renamed.Count; i++)
            if (ClickHouseSql.IsCall(statement, i) && NameOnServer(renamed[i].Text) is { } name)
                renamed[i] = renamed[i] with { Text = name };

        return renamed;
    }

    private string? NameOnServer(string function)
    {
        if (_nameOnServer.TryGetValue(function, out var known))
            return known;
        if (!_functions.Remove(function, out var definition))
            return null; // one of the server's, or this one's own text

        MakeViews(definition.Statement, definition.Place); // it may hold a query
        var lambda = ClickHouseSql.Of(Renamed(definition.Statement), ClickHouseSql.NoVariables);
        var name = $"flowlog_{function}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lambda)).AsSpan(0, DigestBytes))}";
        execute(definition.What, $"create function if not exists {name} as {lambda}");
        return _nameOnServer[function] = name;
    }

    /// <param name="What">Names it in an error.</param>
    /// <param name="Statement">Of a function: its arguments and what they give.</param>
    /// <param name="Place">Among all, in the order of the files.</param>
    private sealed record Definition(string What, IReadOnlyList<SqlToken> Statement, int Place);
}
