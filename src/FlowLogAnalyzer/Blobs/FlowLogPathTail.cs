using System.Globalization;
using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Blobs;

/// <summary>
/// The end of a flow log's path, which has one form only (Azure docs, nsg-flow-logs-overview and vnet-flow-logs-manage). Read
/// without a regular expression: every blob's path is read several times in an ingest.
/// </summary>
/// <param name="Start">Where it begins in the path.</param>
/// <param name="Hour">That it names.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FlowLogPathTail(int Start, BlobHour Hour)
{
    private const string Gzip = ".gz";

    /// <summary>0 stands for a digit and X for a hex digit; all else stands for itself in either case.</summary>
    private const string Form = "y=0000/m=00/d=00/h=00/m=00/macAddress=XXXXXXXXXXXX/PT1H.json";

    /// <summary>The end of a path that is in this form, begins a name, and holds a time that there is.</summary>
    public static FlowLogPathTail? Find(ReadOnlySpan<char> path)
    {
        if (path.EndsWith(Gzip, StringComparison.OrdinalIgnoreCase))
            path = path[..^Gzip.Length];
        var start = path.Length - Form.Length;
        if (start < 0 || (start > 0 && path[start - 1] != '/'))
            return null;
        var tail = path[start..];
        for (var i = 0; i < tail.Length; i++)
        {
            if (!Fits(tail[i], Form[i]))
                return null;
        }

        return HourOf(tail) is { } hour ? new FlowLogPathTail(start, hour) : null;
    }

    public ReadOnlySpan<char> Mac(ReadOnlySpan<char> path) => path.Slice(Start + Form.IndexOf('X', StringComparison.Ordinal), 12);

    private static bool Fits(char c, char form) => form switch
    {
        '0' => char.IsAsciiDigit(c),
        'X' => char.IsAsciiHexDigit(c),
        _ => char.ToLowerInvariant(c) == char.ToLowerInvariant(form),
    };

    private static BlobHour? HourOf(ReadOnlySpan<char> tail)
    {
        var (year, month, day) = (Number(tail, 2, 4), Number(tail, 9, 2), Number(tail, 14, 2));
        var (hour, minute) = (Number(tail, 19, 2), Number(tail, 24, 2));
        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59)
            return null;
        return new BlobHour(new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc));
    }

    private static int Number(ReadOnlySpan<char> tail, int at, int digits) => int.Parse(tail.Slice(at, digits), NumberStyles.None, CultureInfo.InvariantCulture);
}
