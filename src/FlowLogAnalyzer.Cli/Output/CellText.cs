using System.Collections;
using System.Globalization;
using System.Text;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>Cells as text: culture-free, times in UTC as ISO 8601.</summary>
internal static class CellText
{
    public static string Of(object? cell) => cell switch
    {
        null or DBNull => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        DateTime time => Time(time),
        DateTimeOffset time => Time(time.UtcDateTime),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        IDictionary or IEnumerable => JsonOutput.Text(cell),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };

    public static string Time(DateTime time) => time.TimeOfDay.Ticks % TimeSpan.TicksPerSecond == 0
        ? time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static bool IsNumber(object? cell) =>
        cell is sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal or Int128 or UInt128 or System.Numerics.BigInteger;

    /// <summary>
    /// Rule names and the like come from logs that others can write to: control characters (terminal escapes) and
    /// direction overrides are shown as <c>\u001b</c>, never sent to the terminal.
    /// </summary>
    public static string Visible(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\u001f') && !text.Any(IsDangerous))
            return text;

        var builder = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (IsDangerous(c))
                builder.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                builder.Append(c);
        }

        return builder.ToString();
    }

    private static bool IsDangerous(char c) =>
        (char.IsControl(c) && c is not '\n') || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u200e' or '\u200f' or '\u061c' or '\u2028' or '\u2029';
}
