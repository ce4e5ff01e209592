namespace FlowLogAnalyzer.Query.Engines;

/// <summary>Where SQL asks for a parameter: <c>getvariable('name')</c>.</summary>
internal static class SqlVariables
{
    private const string Function = "getvariable";

    /// <summary>The parameters that a statement asks for.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<SqlToken> statement) =>
        Enumerable.Range(0, statement.Count).Select(at => At(statement, at)?.Name).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>The name that is asked for here, and where the parenthesis closes; null when none is.</summary>
    public static (string Name, int Close)? At(IReadOnlyList<SqlToken> statement, int at)
    {
        if (!statement[at].Is(Function))
            return null;

        var open = SqlTokens.Next(statement, at);
        var name = SqlTokens.Next(statement, open);
        var close = SqlTokens.Next(statement, name);
        return statement[open].IsSymbol('(') && statement[name].Kind == SqlTokenKind.Literal && statement[close].IsSymbol(')')
            ? (statement[name].Text.Trim('\''), close)
            : null;
    }
}
