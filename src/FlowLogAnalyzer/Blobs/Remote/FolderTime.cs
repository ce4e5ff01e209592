using System.Globalization;
using System.Text.RegularExpressions;

namespace FlowLogAnalyzer.Blobs.Remote;

/// <summary>Which hours the blobs below a folder can be of, by the folder's last <c>y=</c>, <c>m=</c>, <c>d=</c> and <c>h=</c>.</summary>
internal static partial class FolderTime
{
    /// <summary>Whether a folder is worth a look.</summary>
    internal enum Fit
    {
        /// <summary>Its path says nothing, or it holds hours inside and outside of the window.</summary>
        Perhaps,
        Inside,
        Outside,
    }

    public static Fit Of(string folder, BlobWindow window)
    {
        var match = Tail().Match(folder);
        if (!match.Success || Span(match) is not { } span)
            return Fit.Perhaps;
        if (span.To <= window.SinceUtc || span.From >= window.UntilUtc)
            return Fit.Outside;

        // An hour is listed whole, as soon as a part of it is in the window.
        var isHour = match.Groups["h"].Success;
        return isHour || (!(span.From < window.SinceUtc) && !(span.To > window.UntilUtc)) ? Fit.Inside : Fit.Perhaps;
    }

    private static (DateTime From, DateTime To)? Span(Match match)
    {
        int? Number(string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : null;
        var (year, month, day, hour) = (Number("y")!.Value, Number("mo"), Number("d"), Number("h"));
        if (year is 0 or 9999 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month ?? 1) || hour > 23)
            return null;

        var from = new DateTime(year, month ?? 1, day ?? 1, hour ?? 0, 0, 0, DateTimeKind.Utc);
        return (from, hour is not null ? from.AddHours(1) : day is not null ? from.AddDays(1) : month is not null ? from.AddMonths(1) : from.AddYears(1));
    }

    [GeneratedRegex(
        "(?:^|/)y=(?<y>[0-9]{4})/(?:m=(?<mo>[0-9]{2})/(?:d=(?<d>[0-9]{2})/(?:h=(?<h>[0-9]{2})/(?:m=[0-9]{2}/(?:macAddress=[^/]*/)?)?)?)?)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tail();
}
