namespace FlowLogAnalyzer.Query.Engines;

/// <summary>
/// Lets through one statement of a kind that reads, in a spelling that this tool and the server cut into the same words.
/// What it may reach is checked on the server's own tree (<see cref="ClickHouseConfinement"/>); besides, the server is asked
/// with readonly=1, which forbids to write and to change settings (ClickHouse docs, "Permissions for Queries").
/// </summary>
internal static class ClickHouseReadOnly
{
    private const string Ambiguous = "`$#\\";
    private static readonly HashSet<string> Reading = new(StringComparer.OrdinalIgnoreCase) { "select", "with", "from", "explain", "describe", "desc", "show" };

    /// <exception cref="QueryRefusedException">It is something else.</exception>
    public static void Check(string sql)
    {
        var statements = SqlTokens.Statements(sql).ToList();
        if (statements.Count != 1)
            throw new QueryRefusedException($"Only one statement at a time is run; this text holds {statements.Count}. Send them one by one.");

        var words = statements[0].Where(t => !t.IsBlank && !t.IsSymbol('(')).Take(2).ToList();
        if (words.Count == 0 || !Reading.Contains(words[0].Text))
            throw new QueryRefusedException($"Only a statement that reads is run here: {string.Join(", ", Reading)}. The lake is changed by `flowlog ingest` and `flowlog lake` alone.");
        if (words[0].Is("show") && !(words.Count == 2 && words[1].Is("tables")))
            throw new QueryRefusedException("Of the statements that show something only `show tables` is run here; `describe NAME` shows the columns of one.");

        // To a server this is the client's part, so readonly does not concern it.
        if (statements[0].Any(t => t.Is("outfile")))
            throw new QueryRefusedException("INTO OUTFILE is not done here: the answer goes to standard output, in the form that --output names.");
    }

    /// <summary>Of what somebody typed: no text that the server may cut otherwise than this tool does.</summary>
    /// <exception cref="QueryRefusedException">It has a character or a quote that may mean something else there.</exception>
    public static void CheckSpelling(string sql)
    {
        foreach (var token in SqlTokens.Of(sql))
        {
            var odd = token.Kind switch
            {
                SqlTokenKind.Literal or SqlTokenKind.QuotedName when token.Text.Length < 2 || token.Text[^1] != token.Text[0] => token.Text[0],
                SqlTokenKind.Literal or SqlTokenKind.Comment => default,
                SqlTokenKind.QuotedName => token.Text.FirstOrDefault(c => c == '\\' || char.IsControl(c)),
                _ => token.Text.FirstOrDefault(c => c > '~' || c == '\0' || Ambiguous.Contains(c, StringComparison.Ordinal)),
            };
            if (odd != default || (token.Kind == SqlTokenKind.QuotedName && token.Text.Contains('\0', StringComparison.Ordinal)))
                throw new QueryRefusedException($"The character U+{(int)odd:X4} stands where engines read it differently: write names in double quotes and text in single quotes, without backslashes in names.");
        }
    }
}
