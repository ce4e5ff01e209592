using System.Globalization;
using System.Text;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>
/// The little that is spelled otherwise for ClickHouse and cannot be a function of its prelude: how a macro is made, what
/// <c>getvariable</c> answers, times and backslashes in literals. Everything else of a statement goes as it stands.
/// </summary>
internal static class ClickHouseSql
{
    /// <summary>A statement as the server is told it.</summary>
    /// <param name="statement">One statement.</param>
    /// <param name="variables">SQL literals by name; all other variables are null.</param>
    public static string Of(IReadOnlyList<SqlToken> statement, IReadOnlyDictionary<string, string> variables)
    {
        var text = new StringBuilder();
        for (var i = 0; i < statement.Count; i++)
        {
            var token = statement[i];
            if (SqlVariables.At(statement, i) is var (name, close))
            {
                text.Append(variables.TryGetValue(name, out var literal) ? Of(SqlTokens.Of(literal), NoVariables) : "null");
                i = close;
            }
            else if (token.Is("timestamptz") && SqlTokens.Next(statement, i) is var next && statement[next].Kind == SqlTokenKind.Literal)
            {
                text.Append(Time(statement[next].Text));
                i = next;
            }
            else
            {
                text.Append(token.Kind == SqlTokenKind.Literal ? token.Text.Replace(@"\", @"\\", StringComparison.Ordinal) : token.Text);
            }
        }

        return text.ToString().Trim();
    }

    /// <summary>
    /// The name, and <c>(a, b) -> …</c>, of <c>create or replace macro f(a, b) as …</c> and of
    /// <c>create or replace function f as (a, b) -> …</c>; null when it is something else.
    /// </summary>
    public static (string Name, IReadOnlyList<SqlToken> Lambda)? Function(IReadOnlyList<SqlToken> statement)
    {
        var isMacro = Begins(statement, "create", "or", "replace", "macro");
        if (!isMacro && !Begins(statement, "create", "or", "replace", "function"))
            return null;

        var words = statement.Index().Where(t => !t.Item.IsBlank).Select(t => t.Index).ToList();
        var name = statement[words[4]].Text;
        if (!isMacro)
            return (name, [.. statement.Skip(words[6])]); // behind the word as

        var open = words[5];
        var close = open + statement.Skip(open).TakeWhile(t => !t.IsSymbol(')')).Count();
        var body = SqlTokens.Next(statement, close) + 1; // behind the word as
        return (name, [.. statement.Skip(open).Take(close - open + 1), .. SqlTokens.Of(" ->"), .. statement.Skip(body)]);
    }

    /// <summary>Whether a function is called here.</summary>
    public static bool IsCall(IReadOnlyList<SqlToken> statement, int at) =>
        statement[at].Kind == SqlTokenKind.Word && statement[SqlTokens.Next(statement, at)].IsSymbol('(');

    /// <summary>Whether these are the first words.</summary>
    public static bool Begins(IReadOnlyList<SqlToken> statement, params string[] words)
    {
        var first = statement.Where(t => !t.IsBlank).Take(words.Length).ToList();
        return first.Count == words.Length && first.Zip(words).All(pair => pair.First.Is(pair.Second));
    }

    /// <summary>A time as the server reads it, to the microsecond.</summary>
    public static string Time(DateTime utc) => Time($"'{utc.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture)}'");

    public static IReadOnlyDictionary<string, string> NoVariables { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    private static string Time(string literal) => $"toDateTime64({literal.Replace("+00'", "'", StringComparison.Ordinal)}, 6, 'UTC')";
}
