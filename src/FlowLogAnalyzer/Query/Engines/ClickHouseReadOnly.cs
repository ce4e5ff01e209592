namespace FlowLogAnalyzer.Query.Engines;

/// <summary>
/// Lets through one statement of a kind that reads. That it does nothing else is the server's part: it is asked with
/// readonly=1, which forbids to write, to change settings and to call table functions that leave the server (ClickHouse
/// docs, "Permissions for Queries").
/// </summary>
internal static class ClickHouseReadOnly
{
    private static readonly HashSet<string> Reading = new(StringComparer.OrdinalIgnoreCase) { "select", "with", "explain", "describe", "desc", "show" };

    /// <exception cref="QueryRefusedException">It is something else.</exception>
    public static void Check(string sql)
    {
        var statements = SqlTokens.Statements(sql).ToList();
        if (statements.Count != 1)
            throw new QueryRefusedException($"Only one statement at a time is run; this text holds {statements.Count}. Send them one by one.");

        var first = statements[0].FirstOrDefault(t => !t.IsBlank && !t.IsSymbol('('));
        if (first.Text is null || !Reading.Contains(first.Text))
            throw new QueryRefusedException($"Only a statement that reads is run here: {string.Join(", ", Reading)}. The lake is changed by `flowlog ingest` and `flowlog lake` alone.");

        // To a server this is the client's part, so readonly does not concern it.
        if (statements[0].Any(t => t.Is("outfile")))
            throw new QueryRefusedException("INTO OUTFILE is not done here: the answer goes to standard output, in the form that --output names.");
    }
}
