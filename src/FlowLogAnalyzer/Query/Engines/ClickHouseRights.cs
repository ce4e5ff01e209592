using System.Text.RegularExpressions;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>
/// What a user of the server may do beyond what a run needs. SQL that somebody typed is held to the lake by this tool; a
/// user without other rights holds it there a second time.
/// </summary>
internal static partial class ClickHouseRights
{
    /// <summary>The databases of runs.</summary>
    private const string OwnDatabases = "flowlog_";

    /// <summary>Rights that belong to the whole server and lead nowhere.</summary>
    private static readonly HashSet<string> Global = new(StringComparer.OrdinalIgnoreCase)
    {
        "CREATE FUNCTION", "CREATE TEMPORARY TABLE", "CREATE ARBITRARY TEMPORARY TABLE", "TABLE ENGINE", "SHOW DATABASES", "SHOW TABLES", "SHOW COLUMNS", "USAGE",
    };

    /// <summary>Which right a table function needs, by a part of its name.</summary>
    private static readonly (string Part, string Right)[] Sources =
        [("azure", "AZURE"), ("local", "FILE"), ("file", "FILE"), ("s3", "S3"), ("hdfs", "HDFS"), ("cluster", "CLUSTER"), ("cluster", "REMOTE")];

    /// <param name="grants">Lines of <c>show grants</c>.</param>
    /// <param name="source">How the server reads the lake: a table function or the name of a table.</param>
    /// <returns>Each as <c>RIGHT ON WHAT</c>; none when the user may do what is needed and no more.</returns>
    public static IReadOnlyList<string> Beyond(IEnumerable<string> grants, string source) => [.. grants.SelectMany(line => Beyond(line, source))];

    private static IEnumerable<string> Beyond(string line, string source)
    {
        var grant = Form().Match(line.Trim());
        if (!grant.Success)
        {
            if (line.Trim().Length > 0)
                yield return line.Trim(); // a role, or something that a later version says
            yield break;
        }

        var target = grant.Groups["target"].Value.Replace("`", "", StringComparison.Ordinal).Replace(@"\", "", StringComparison.Ordinal);
        foreach (var right in Columns().Replace(grant.Groups["rights"].Value, "").Split(',', StringSplitOptions.TrimEntries))
            if (!IsNeeded(right, target, source) || line.Contains("WITH GRANT OPTION", StringComparison.Ordinal))
                yield return $"{right} ON {target}";
    }

    private static bool IsNeeded(string right, string target, string source) =>
        target.StartsWith(OwnDatabases, StringComparison.Ordinal)
        || Global.Contains(right)
        || (right is "NAMED COLLECTION" && SqlTokens.Of(source).Exists(t => t.Is(target)))
        || (right is "SELECT" && target == source)
        || Calls(source).Any(call => Array.Exists(Sources, s =>
            call.Contains(s.Part, StringComparison.OrdinalIgnoreCase) && (right == s.Right || (right is "READ" && target.StartsWith(s.Right, StringComparison.Ordinal)))));

    private static IEnumerable<string> Calls(string source)
    {
        var tokens = SqlTokens.Of(source);
        return Enumerable.Range(0, tokens.Count).Where(at => ClickHouseSql.IsCall(tokens, at)).Select(at => tokens[at].Text);
    }

    [GeneratedRegex("^GRANT (?<rights>.+?) ON (?<target>\\S+)( TO .*)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();

    [GeneratedRegex(@"\([^)]*\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Columns();
}
