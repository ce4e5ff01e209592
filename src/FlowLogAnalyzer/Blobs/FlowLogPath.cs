using System.Globalization;
using System.Text.RegularExpressions;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Blobs;

/// <summary>
/// The identity of a blob from its path. Paths are read from the right, since what stands to the left of <c>/y=</c> has had
/// several forms (Azure docs, nsg-flow-logs-overview and vnet-flow-logs-manage) and may hold any name.
/// </summary>
public static partial class FlowLogPath
{
    private static readonly string[] KeyStarts = ["resourceId=", "flowLogResourceID="];

    /// <summary>
    /// Reads a path or URL in either slash direction, percent-encoded or not. The key is the part from
    /// <c>resourceId=</c> or <c>flowLogResourceID=</c> on, so that one blob has one key wherever a copy of it lies;
    /// <paramref name="fallbackKey"/> (the path itself when null) is taken when the path has neither.
    /// Never fails: a path that says nothing gives an identity without hour and MAC.
    /// </summary>
    public static BlobIdentity Parse(string path, string? fallbackKey = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var plain = Plain(path);
        var match = Tail().Match(plain);
        var hour = match.Success ? Hour(match) : null;
        if (hour is null)
            return new BlobIdentity(fallbackKey ?? path);

        return new BlobIdentity(Key(plain, match.Index) ?? fallbackKey ?? path)
        {
            Hour = hour,
            Mac = match.Groups["mac"].Value.ToUpperInvariant(),
        };
    }

    private static string Plain(string path)
    {
        var query = path.Contains("://", StringComparison.Ordinal) ? path.IndexOf('?', StringComparison.Ordinal) : -1;
        var slashed = (query < 0 ? path : path[..query]).Replace('\\', '/');

        // "%3D" only comes from an encoded "=": names written by Azure have no percent sign.
        return slashed.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(slashed) : slashed;
    }

    private static string? Key(string path, int tail)
    {
        foreach (var start in KeyStarts)
        {
            var at = path.LastIndexOf(start, tail, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && (at == 0 || path[at - 1] == '/'))
                return path[at..];
        }

        return null;
    }

    private static BlobHour? Hour(Match match)
    {
        int Number(string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        var (year, month, day, hour, minute) = (Number("y"), Number("mo"), Number("d"), Number("h"), Number("mi"));
        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59)
            return null;
        return new BlobHour(new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc));
    }

    [GeneratedRegex(
        @"(?:^|/)y=(?<y>[0-9]{4})/m=(?<mo>[0-9]{2})/d=(?<d>[0-9]{2})/h=(?<h>[0-9]{2})/m=(?<mi>[0-9]{2})/macAddress=(?<mac>[0-9A-Fa-f]{12})/PT1H\.json(?:\.gz)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tail();
}
