using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Blobs;

/// <summary>
/// The identity of a blob from its path. Paths are read from the right, since what stands to the left of <c>/y=</c> has had
/// several forms (Azure docs, nsg-flow-logs-overview and vnet-flow-logs-manage) and may hold any name.
/// </summary>
public static class FlowLogPath
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
        if (FlowLogPathTail.Find(plain) is not { } tail)
            return new BlobIdentity(fallbackKey ?? path);

        return new BlobIdentity(Key(plain, tail.Start) ?? fallbackKey ?? path)
        {
            Hour = tail.Hour,
            Mac = tail.Mac(plain).ToString().ToUpperInvariant(),
        };
    }

    /// <summary>True when the file is named as Azure names flow logs.</summary>
    public static bool IsName(string path) =>
        path.EndsWith("PT1H.json", StringComparison.OrdinalIgnoreCase) || path.EndsWith("PT1H.json.gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>The hour alone, without making an identity of it.</summary>
    public static BlobHour? HourOf(string path) => FlowLogPathTail.Find(Plain(path))?.Hour;

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
            var at = path.LastIndexOf(start, Math.Max(0, tail - 1), StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && (at == 0 || path[at - 1] == '/'))
                return path[at..];
        }

        return null;
    }
}
