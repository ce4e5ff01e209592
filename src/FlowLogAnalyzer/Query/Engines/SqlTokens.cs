namespace FlowLogAnalyzer.Query.Engines;

internal enum SqlTokenKind
{
    Word,
    Literal,
    QuotedName,
    Comment,
    Space,
    Symbol,
}

/// <summary>A piece of SQL text; the pieces of a text, joined, are the text.</summary>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text)
{
    public bool Is(string word) => Kind == SqlTokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public bool IsSymbol(char symbol) => Kind == SqlTokenKind.Symbol && Text[0] == symbol;

    /// <summary>Nothing that an engine looks at.</summary>
    public bool IsBlank => Kind is SqlTokenKind.Space or SqlTokenKind.Comment;
}

/// <summary>
/// Cuts standard SQL into tokens, as far as is needed to tell text from literals and comments: in a literal a quote is
/// doubled and a backslash is a backslash.
/// </summary>
internal static class SqlTokens
{
    public static List<SqlToken> Of(string sql)
    {
        var tokens = new List<SqlToken>();
        for (var at = 0; at < sql.Length;)
        {
            var (kind, end) = Cut(sql, at);
            tokens.Add(new SqlToken(kind, sql[at..end]));
            at = end;
        }

        return tokens;
    }

    /// <summary>The statements of a script, without the semicolons between; what is blank is left out.</summary>
    public static IEnumerable<IReadOnlyList<SqlToken>> Statements(string script)
    {
        var statement = new List<SqlToken>();
        foreach (var token in Of(script))
        {
            if (!token.IsSymbol(';'))
            {
                statement.Add(token);
                continue;
            }

            if (!statement.TrueForAll(t => t.IsBlank))
                yield return statement;
            statement = [];
        }

        if (!statement.TrueForAll(t => t.IsBlank))
            yield return statement;
    }

    /// <summary>The place of the next token that is not blank, or of the last one.</summary>
    public static int Next(IReadOnlyList<SqlToken> statement, int at)
    {
        for (at++; at < statement.Count && statement[at].IsBlank;)
            at++;
        return Math.Min(at, statement.Count - 1);
    }

    private static (SqlTokenKind Kind, int End) Cut(string sql, int at) => sql[at] switch
    {
        '\'' => (SqlTokenKind.Literal, Quoted(sql, at)),
        '"' => (SqlTokenKind.QuotedName, Quoted(sql, at)),
        '-' when Follows(sql, at, "--") => (SqlTokenKind.Comment, Until(sql, at, "\n")),
        '/' when Follows(sql, at, "/*") => (SqlTokenKind.Comment, Until(sql, at + 2, "*/")),
        var c when char.IsWhiteSpace(c) => (SqlTokenKind.Space, While(sql, at, char.IsWhiteSpace)),
        var c when IsOfWord(c) => (SqlTokenKind.Word, While(sql, at, IsOfWord)),
        _ => (SqlTokenKind.Symbol, at + 1),
    };

    private static int Quoted(string sql, int at)
    {
        for (var end = at + 1; ; end += 2)
        {
            end = sql.IndexOf(sql[at], end);
            if (end < 0)
                return sql.Length;
            if (end + 1 == sql.Length || sql[end + 1] != sql[at])
                return end + 1;
        }
    }

    private static int Until(string sql, int from, string end) =>
        sql.IndexOf(end, from, StringComparison.Ordinal) is >= 0 and var at ? at + end.Length : sql.Length;

    private static int While(string sql, int at, Func<char, bool> belongs)
    {
        while (at < sql.Length && belongs(sql[at]))
            at++;
        return at;
    }

    private static bool Follows(string sql, int at, string text) => string.CompareOrdinal(sql, at, text, 0, text.Length) == 0;

    private static bool IsOfWord(char c) => c == '_' || char.IsLetterOrDigit(c);
}
