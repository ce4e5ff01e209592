using System.Globalization;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Findings;

/// <summary>Turns a row of a finding query into a <see cref="Finding"/>.</summary>
internal static class FindingReader
{
    /// <summary>What every finding query returns first, in this order; all further columns are evidence.</summary>
    public static readonly string[] Contract = ["subject", "first_seen", "last_seen", "count", "severity", "confidence"];

    /// <summary>Columns that are not evidence: they take the place of what the header says, or add limits.</summary>
    private static readonly string[] Texts = ["explanation", "fix", "limits", "attack"];

    /// <summary>Columns of this prefix serve the header's sentences only.</summary>
    private const string TextPrefix = "text_";

    /// <exception cref="InvalidDataException">The query does not keep the column contract.</exception>
    public static Finding Read(QueryFile query, IReadOnlyList<QueryColumn> columns, object?[] cells, IReadOnlyList<string> limits)
    {
        var row = columns.Select((c, i) => (c.Name, Cell: cells[i])).ToDictionary(c => c.Name, c => c.Cell, StringComparer.Ordinal);
        var fix = row.GetValueOrDefault("fix") as string ?? FindingTemplate.Sentence(query, query.Fix, row);
        return new Finding
        {
            Id = query.Name,
            Title = query.Title,
            Severity = Word<Severity>(query, row, "severity"),
            Confidence = Word<Confidence>(query, row, "confidence"),
            Subject = Required<string>(query, row, "subject"),
            FirstSeen = Required<DateTime>(query, row, "first_seen"),
            LastSeen = Required<DateTime>(query, row, "last_seen"),
            Count = Required<long>(query, row, "count"),
            Explanation = row.GetValueOrDefault("explanation") as string ?? FindingTemplate.Sentence(query, query.Explanation, row),
            Evidence = Evidence(query, columns, row),
            Limits = [.. limits, .. query.Limits.Select(l => FindingTemplate.Sentence(query, l, row)), .. OwnList(row, "limits") ?? []],
            Attack = [.. (OwnList(row, "attack") ?? query.Attack).Select(AttackNames.Technique)],
            Fix = fix.Length > 0 ? new FindingFix(fix) : null,
        };
    }

    public static void CheckContract(QueryFile query, IReadOnlyList<QueryColumn> columns)
    {
        if (!columns.Take(Contract.Length).Select(c => c.Name).SequenceEqual(Contract, StringComparer.Ordinal))
            throw new InvalidDataException($"queries/{query.Folder}/{query.Name}.sql must return {string.Join(", ", Contract)} first; it returns {string.Join(", ", columns.Select(c => c.Name))}.");
    }

    private static List<KeyValuePair<string, object?>> Evidence(QueryFile query, IReadOnlyList<QueryColumn> columns, Dictionary<string, object?> row)
    {
        var evidence = columns.Skip(Contract.Length).Select(c => c.Name)
            .Where(name => !Texts.Contains(name) && !name.StartsWith(TextPrefix, StringComparison.Ordinal) && !IsEmpty(row[name]))
            .Select(name => KeyValuePair.Create(CamelCase(name), row[name]))
            .ToList();
        evidence.Add(KeyValuePair.Create<string, object?>("sql", FindingTemplate.Sql(query, row)));
        return evidence;
    }

    /// <summary>Null, or a list that holds nothing: not every engine can tell the two apart.</summary>
    private static bool IsEmpty(object? cell) => cell is null or System.Collections.ICollection { Count: 0 };

    private static IEnumerable<string>? OwnList(Dictionary<string, object?> row, string column) =>
        row.GetValueOrDefault(column) is System.Collections.IEnumerable list and not string ? list.OfType<string>() : null;

    private static string CamelCase(string name)
    {
        var words = name.Split('_', StringSplitOptions.RemoveEmptyEntries);
        return words[0] + string.Concat(words.Skip(1).Select(w => char.ToUpper(w[0], CultureInfo.InvariantCulture) + w[1..]));
    }

    private static T Word<T>(QueryFile query, Dictionary<string, object?> row, string column)
        where T : struct, Enum =>
        Enum.TryParse<T>(Required<string>(query, row, column), ignoreCase: true, out var word)
            ? word
            : throw new InvalidDataException($"queries/{query.Folder}/{query.Name}.sql returned '{row[column]}' as {column}; expected one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}.");

    private static T Required<T>(QueryFile query, Dictionary<string, object?> row, string column) =>
        row[column] is T value
            ? value
            : throw new InvalidDataException($"queries/{query.Folder}/{query.Name}.sql returned {row[column] ?? "null"} as {column}; expected a {typeof(T).Name}.");
}
