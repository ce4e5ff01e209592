using System.Collections;
using System.Globalization;
using System.Text;

namespace FlowLogAnalyzer.Reports;

/// <summary>
/// Text of logs on its way into a report. Names in logs and inventories are chosen by others: nothing of them may be taken
/// for Markdown, HTML, Mermaid or SVG.
/// </summary>
internal static class ReportText
{
    /// <summary>One line of visible characters: control characters and those that turn the direction of writing are spelled out.</summary>
    public static string Visible(string text)
    {
        var builder = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (c is '\n' or '\r' or '\t')
                builder.Append(' ');
            else if (char.IsControl(c) || c is (>= '\u200b' and <= '\u200f') or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\ufeff' or (>= '\ufffe' and <= '\uffff') || char.IsSurrogate(c))
                builder.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                builder.Append(c);
        }

        return builder.ToString();
    }

    /// <summary>Text inside a line or a table's cell of Markdown (GitHub flavour).</summary>
    public static string Escape(string text)
    {
        var builder = new StringBuilder(text.Length + 8);
        foreach (var c in Visible(text))
        {
            builder.Append(c switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '\\' or '|' or '`' or '*' or '_' or '[' or ']' or '~' or '#' or '$' or '!' => $"\\{c}",
                _ => c.ToString(),
            });
        }

        // Bare addresses would become links.
        return builder.Replace("://", "\\://").Replace("www.", "www\\.").ToString();
    }

    /// <summary>Text inside the quotes of a Mermaid label: what is not harmless is written as a character code.</summary>
    public static string Label(string text)
    {
        var builder = new StringBuilder(text.Length + 8);
        foreach (var c in Shorten(Visible(text), 48))
        {
            if (char.IsAsciiLetterOrDigit(c) || c is ' ' or '.' or ',' or ':' or '/' or '-' or '_' or '(' or ')' or '%')
                builder.Append(c);
            else
                builder.Append(CultureInfo.InvariantCulture, $"#{(int)c};");
        }

        return builder.ToString();
    }

    public static string Shorten(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    /// <summary>A code block whose fence is longer than any run of backticks in it.</summary>
    public static string Fence(string language, IEnumerable<string> lines)
    {
        var text = string.Join('\n', lines.SelectMany(l => l.ReplaceLineEndings("\n").Split('\n')).Select(Visible));
        var longest = 0;
        for (int i = 0, run = 0; i < text.Length; i++)
        {
            run = text[i] == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', Math.Max(3, longest + 1));
        return $"{fence}{language}\n{text}\n{fence}\n";
    }

    /// <summary>A cell as a person reads it; not escaped.</summary>
    public static string Plain(object? cell) => cell switch
    {
        null => "",
        string text => text,
        DateTime time => Time(time),
        long number => Number(number),
        double number => number.ToString("#,##0.####", CultureInfo.InvariantCulture),
        bool flag => flag ? "yes" : "no",
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(item => item is long n ? n.ToString(CultureInfo.InvariantCulture) : Plain(item))),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };

    /// <summary>UTC, to the second.</summary>
    public static string Time(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Number(long number) => number.ToString("#,##0", CultureInfo.InvariantCulture);

    public static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    public static string Percent(long part, long whole) => whole == 0 ? "0.0 %" : Percent(part / (double)whole);

    public static string Count(long number, string one, string many) => $"{(number == 0 ? "no" : Number(number))} {(number == 1 ? one : many)}";
}
