using System.Text.RegularExpressions;

namespace FlowLogAnalyzer.Query;

/// <summary>
/// Reads the comments at the head of a query file: lines <c>-- key: value</c>; a line that begins with <c>--</c> and
/// two or more spaces continues the one before. The header ends at the first line that is not a comment.
/// </summary>
internal static partial class QueryHeader
{
    /// <exception cref="InvalidDataException">A key is unknown or a value cannot be read; the message names file and key.</exception>
    public static QueryFile Read(string folder, string name, string sql)
    {
        var file = new QueryFile { Folder = folder, Name = name, Sql = sql };
        return Entries($"queries/{folder}/{name}.sql", sql).Aggregate(file, (query, entry) => With(query, entry.Key, entry.Value));
    }

    private static List<(string Key, string Value)> Entries(string path, string sql)
    {
        var entries = new List<(string Key, string Value)>();
        foreach (var line in sql.Split('\n').Select(l => l.TrimEnd('\r')).TakeWhile(l => l.StartsWith("--", StringComparison.Ordinal)))
        {
            if (Continuation().IsMatch(line) && entries.Count > 0)
                entries[^1] = (entries[^1].Key, $"{entries[^1].Value} {line[2..].Trim()}");
            else if (Entry().Match(line) is { Success: true } match)
                entries.Add((match.Groups["key"].Value, match.Groups["value"].Value.Trim()));
            else
                throw new InvalidDataException($"{path}: the header line '{line}' is neither '-- key: value' nor a continuation ('--' and two spaces).");
        }

        return entries;
    }

    private static QueryFile With(QueryFile query, string key, string value) => key switch
    {
        "title" => query with { Title = value },
        "question" => query with { Question = value },
        "severity" => query with { Severity = Word<Severity>(query, key, value) },
        "confidence" => query with { Confidence = Word<Confidence>(query, key, value) },
        "inputs" => query with { Inputs = [.. Items(value).Select(i => new QueryInput(i.TrimEnd('?'), i.EndsWith('?')))] },
        "param" => query with { Parameters = [.. query.Parameters, Parameter(query, value)] },
        "attack" => query with { Attack = [.. query.Attack, .. Items(value)] },
        "false positives" => query with { FalsePositives = value },
        "explanation" => query with { Explanation = value },
        "fix" => query with { Fix = value },
        "limits" => query with { Limits = [.. query.Limits, value] },
        "evidence-sql" => query with { EvidenceSql = value },
        _ => throw new InvalidDataException($"queries/{query.Folder}/{query.Name}.sql: the header key '{key}' is not known; queries/README.md lists the keys."),
    };

    private static string[] Items(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static T Word<T>(QueryFile query, string key, string value)
        where T : struct, Enum =>
        value.All(char.IsAsciiLetter) && Enum.TryParse<T>(value, ignoreCase: true, out var word)
            ? word
            : throw new InvalidDataException($"queries/{query.Folder}/{query.Name}.sql: {key} is '{value}', expected one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}.");

    private static QueryParameter Parameter(QueryFile query, string value)
    {
        var match = ParameterForm().Match(value);
        return match.Success
            ? new QueryParameter(match.Groups["name"].Value, match.Groups["type"].Value, match.Groups["default"].Value, match.Groups["meaning"].Value)
            : throw new InvalidDataException($"queries/{query.Folder}/{query.Name}.sql: the parameter '{value}' is not of the form 'name type default — meaning'.");
    }

    [GeneratedRegex(@"^--( {2,}|\s*$)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Continuation();

    [GeneratedRegex("^-- (?<key>[a-z][a-z -]*): ?(?<value>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Entry();

    [GeneratedRegex(@"^(?<name>\w+) (?<type>\w+) (?<default>'[^']*'|\S+) — (?<meaning>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ParameterForm();
}
