using System.Text.Json;
using System.Text.RegularExpressions;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>
/// Lets through one statement that only reads. DuckDB's own parser is asked (json_serialize_sql takes nothing but
/// SELECT, which in DuckDB covers with, values, from, describe, show and summarize), so no text trick gets by.
/// </summary>
internal static partial class DuckDbReadOnly
{
    /// <summary>Functions that change something outside the query, hold its thread, or say what others do.</summary>
    private static readonly HashSet<string> RefusedFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "write_log", "nextval", "currval", "setseed", "sleep_ms", "current_query", "getenv",
    };

    /// <summary>Table functions that make rows of their arguments, or describe the lake's tables; all others lead outside or change the engine.</summary>
    private static readonly HashSet<string> TableFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree", "summary", "histogram", "histogram_values",
        "duckdb_columns", "duckdb_functions", "duckdb_keywords", "duckdb_tables", "duckdb_types", "duckdb_views", "pragma_table_info", "pragma_version",
    };

    /// <param name="sql">What somebody typed.</param>
    /// <param name="parse">Runs a query of DuckDB and returns its only cell.</param>
    /// <exception cref="QueryRefusedException">It is not a single statement that reads.</exception>
    public static void Check(string sql, Func<string, object?> parse)
    {
        var statement = LeadingExplain().Replace(sql, "", 1);
        var tree = (string)parse($"select json_serialize_sql({SqlText.Literal(statement)})::varchar")!;
        using var json = JsonDocument.Parse(tree, new() { MaxDepth = 4096 });
        var root = json.RootElement;
        if (root.GetProperty("error").GetBoolean())
            throw new QueryRefusedException(Reason(root));

        var statements = root.GetProperty("statements").GetArrayLength();
        if (statements != 1)
            throw new QueryRefusedException($"Only one statement at a time is run; this text holds {statements}. Send them one by one.");

        if (Objects(root).Select(Refused).FirstOrDefault(name => name is not null) is { } refused)
            throw new QueryRefusedException($"The function {refused} is not available here, since queries may only read the lake.");
    }

    private static string? Refused(JsonElement node)
    {
        if (Text(node, "type") == "TABLE_FUNCTION" && node.TryGetProperty("function", out var function))
            return Text(function, "function_name") is { } table && TableFunctions.Contains(table) ? null : Text(function, "function_name") ?? "of this form";
        return Text(node, "function_name") is { } name && RefusedFunctions.Contains(name) ? name : null;
    }

    /// <summary>All objects of the tree; how deep it is does not matter.</summary>
    private static IEnumerable<JsonElement> Objects(JsonElement root)
    {
        var open = new Stack<JsonElement>([root]);
        while (open.TryPop(out var element))
        {
            if (element.ValueKind == JsonValueKind.Object)
            {
                yield return element;
                foreach (var property in element.EnumerateObject())
                    open.Push(property.Value);
            }
            else if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in element.EnumerateArray())
                    open.Push(item);
            }
        }
    }

    private static string? Text(JsonElement node, string property) =>
        node.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Reason(JsonElement error) =>
        error.GetProperty("error_type").GetString() == "parser"
            ? $"The SQL cannot be read: {error.GetProperty("error_message").GetString()}."
            : "Only a statement that reads is run here: select, with, from, values, describe, show, summarize or explain. The lake is changed by `flowlog ingest` and `flowlog lake` alone.";

    [GeneratedRegex(@"\A(\s|--[^\n]*(\n|\z)|/\*.*?\*/)*explain\s+(analyze\s+)?", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LeadingExplain();
}
