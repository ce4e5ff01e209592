using System.Text;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Engines;

/// <summary>
/// Asks DuckDB and ClickHouse the same and compares what they answer, byte for byte. Answers that differ are kept in
/// artifacts/engines, to be compared with a tool.
/// </summary>
internal static class BothEngines
{
    private const int ShownLines = 6;

    /// <summary>
    /// All cases take long, since ClickHouse is told all views anew for each. An ordinary run takes a part of
    /// each kind; FLOWLOG_COMPARE=all in the environment, or ONLY, takes every one.
    /// </summary>
    public static bool IsWhole => Environment.GetEnvironmentVariable("FLOWLOG_COMPARE") == "all" || Environment.GetEnvironmentVariable("ONLY") is { Length: > 0 };

    /// <summary>With ONLY=LBP-001,top_talkers in the environment nothing but these is compared, and of the catalogue's cases nothing but theirs are tried: for work on one query.</summary>
    public static bool IsChosen(string name) =>
        Environment.GetEnvironmentVariable("ONLY") is not { Length: > 0 } only || only.Split(',').Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <param name="name">Of the files that are kept when the answers differ.</param>
    /// <param name="ask">Opens a database, asks it, and returns the answer as text.</param>
    public static async Task AnswerAlikeAsync(string name, Func<string> ask)
    {
        var server = await ClickHouseServer.OptionsAsync();
        await CompareAsync(name, TestEngine.OnDuckDb(ask), () => TestEngine.OnClickHouse(server, ask));
    }

    /// <param name="name">Of the files that are kept when the answers differ.</param>
    /// <param name="expected">What DuckDB answers.</param>
    /// <param name="ask">Asks ClickHouse.</param>
    public static async Task CompareAsync(string name, string expected, Func<string> ask)
    {
        var actual = ask();
        if (actual != expected)
            Assert.Fail(await KeepAsync(name, expected, actual));
    }

    public static string Json(IEnumerable<Finding> findings)
    {
        using var stream = new MemoryStream();
        FindingJson.WriteArray(stream, findings);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>A line with the names and types, then one per row.</summary>
    public static string Json(QueryRows rows)
    {
        using (rows)
        {
            var lines = rows.Read().Select(row => System.Text.Json.JsonSerializer.Serialize(row)).ToList();
            return string.Join('\n', lines.Prepend(string.Join(", ", rows.Columns.Select(c => $"{c.Name} {c.Type.Name}"))));
        }
    }

    private static async Task<string> KeepAsync(string name, string expected, string actual)
    {
        var folder = Directory.CreateDirectory(Path.Combine(RepositoryPaths.Root, "artifacts", "engines")).FullName;
        var stem = Path.Combine(folder, string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c == '-' ? c : '_')));
        await File.WriteAllTextAsync($"{stem}.duckdb", expected);
        await File.WriteAllTextAsync($"{stem}.clickhouse", actual);

        var (left, right) = (expected.Split('\n'), actual.Split('\n'));
        var first = Enumerable.Range(0, Math.Max(left.Length, right.Length)).First(i => left.ElementAtOrDefault(i) != right.ElementAtOrDefault(i));
        return $"{name}: the answers differ from line {first + 1} on (of {left.Length} and {right.Length}).\nDuckDB:\n{Lines(left, first)}\nClickHouse:\n{Lines(right, first)}\ndiff {stem}.duckdb {stem}.clickhouse";
    }

    private static string Lines(string[] lines, int first) => string.Join('\n', lines.Skip(first).Take(ShownLines).Select(l => "  " + l));
}
