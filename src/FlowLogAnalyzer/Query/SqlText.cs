using System.Globalization;

namespace FlowLogAnalyzer.Query;

/// <summary>Values as SQL text: quoted, so that nothing in a log or an inventory can become SQL.</summary>
internal static class SqlText
{
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Literal))}]";

    public static string Time(DateTime utc) => $"timestamptz '{Iso(utc).Replace('T', ' ').Replace("Z", "+00", StringComparison.Ordinal)}'";

    /// <summary>ISO 8601 in UTC; the fraction only when there is one.</summary>
    public static string Iso(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>A value from the command line as the literal of a parameter's type; without a type, what it looks like.</summary>
    public static string Variable(string value, string? type) => type switch
    {
        null => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? value : Literal(value),
        _ => $"cast({Literal(value)} as {type})",
    };

    /// <summary>Any cell of a result as SQL: a list becomes the right-hand side of <c>in</c>.</summary>
    public static string Value(object? cell) => cell switch
    {
        null => "null",
        string text => Literal(text),
        bool flag => flag ? "true" : "false",
        DateTime time => Time(time),
        System.Collections.IEnumerable list => Tuple(list),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"A cell of type {cell.GetType().Name} cannot be written as SQL.", nameof(cell)),
    };

    private static string Tuple(System.Collections.IEnumerable list)
    {
        var items = list.Cast<object?>().Select(Value).ToList();
        return items.Count == 0 ? "(null)" : $"({string.Join(", ", items)})";
    }
}
