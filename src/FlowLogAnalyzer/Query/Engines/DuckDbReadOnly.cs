using System.Text.RegularExpressions;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>
/// Lets through one statement that only reads. DuckDB's own parser is asked (json_serialize_sql takes nothing but
/// SELECT, which in DuckDB covers with, values, from, describe, show and summarize), so no text trick gets by.
/// </summary>
internal static partial class DuckDbReadOnly
{
    /// <summary>Functions that change something outside the query or hide another query from the parser.</summary>
    private static readonly HashSet<string> RefusedFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "enable_logging", "disable_logging", "truncate_duckdb_logs", "set_log_level", "enable_profiling", "disable_profiling",
        "checkpoint", "force_checkpoint", "query", "query_table", "write_log", "nextval", "setseed", "icu_calendar_set",
    };

    /// <param name="sql">What somebody typed.</param>
    /// <param name="parse">Runs a query of DuckDB and returns its only cell.</param>
    /// <exception cref="QueryRefusedException">It is not a single statement that reads.</exception>
    public static void Check(string sql, Func<string, object?> parse)
    {
        var statement = LeadingExplain().Replace(sql, "", 1);
        var tree = (string)parse($"select json_serialize_sql({SqlText.Literal(statement)})::varchar")!;
        using var json = System.Text.Json.JsonDocument.Parse(tree, new() { MaxDepth = 4096 });
        var root = json.RootElement;
        if (root.GetProperty("error").GetBoolean())
            throw new QueryRefusedException(Reason(root));

        var statements = root.GetProperty("statements").GetArrayLength();
        if (statements != 1)
            throw new QueryRefusedException($"Only one statement at a time is run; this text holds {statements}. Send them one by one.");

        var refused = Functions().Matches(tree).Select(m => m.Groups["name"].Value).FirstOrDefault(RefusedFunctions.Contains);
        if (refused is not null)
            throw new QueryRefusedException($"The function {refused} is not available here, since queries may only read the lake.");
    }

    private static string Reason(System.Text.Json.JsonElement error) =>
        error.GetProperty("error_type").GetString() == "parser"
            ? $"The SQL cannot be read: {error.GetProperty("error_message").GetString()}."
            : "Only a statement that reads is run here: select, with, from, values, describe, show, summarize or explain. The lake is changed by `flowlog ingest` and `flowlog lake` alone.";

    [GeneratedRegex(@"\A(\s|--[^\n]*(\n|\z)|/\*.*?\*/)*explain\s+(analyze\s+)?", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LeadingExplain();

    [GeneratedRegex("\"function_name\":\"(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Functions();
}
