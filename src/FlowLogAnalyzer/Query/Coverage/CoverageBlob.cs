using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;

namespace FlowLogAnalyzer.Query.Coverage;

/// <summary>A blob of a NIC and hour, as far as it was read.</summary>
/// <param name="Key">As in the column <c>blob</c>.</param>
/// <param name="Mac">From its path.</param>
/// <param name="Hour">From its path, UTC.</param>
/// <param name="Json">The position that was committed with its rows.</param>
internal sealed record CoverageBlob(string Key, string Mac, DateTime Hour, string Json)
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);
    private BlobPosition? _position;

    /// <summary>Read when it is asked for: most blobs of a large lake are outside of the window.</summary>
    public BlobPosition Position => _position ??= BlobPosition.FromJson(Json);

    public bool IsVnet => Key.StartsWith("flowLogResourceID=", StringComparison.OrdinalIgnoreCase);

    /// <summary>Only storage says when a blob was changed; the time of a file is that of its copy.</summary>
    public bool IsLate => Position.Properties is not null && new BlobHour(Hour).EndUtc is var end && end < DateTime.MaxValue && Position.LastModified.UtcDateTime > end + Grace;

    public bool IsCut => Position is { Outcome: "Incomplete", HourClosed: true };

    public bool IsDamaged => Position.Outcome == "Damaged";

    public long Parsed => Position.Compressed ? Position.Length : Position.ResumeOffset;

    /// <summary>The NSG in the path of an NSG flow log, lower case.</summary>
    public string? Nsg
    {
        get
        {
            const string Mark = "/NETWORKSECURITYGROUPS/";
            var at = Key.IndexOf(Mark, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return null;
            var rest = Key[(at + Mark.Length)..];
            return rest[..(rest.IndexOf('/') is > 0 and var end ? end : rest.Length)].ToLowerInvariant();
        }
    }

    /// <summary>All blobs of the lake whose path tells NIC and hour.</summary>
    public static IReadOnlyList<CoverageBlob> Of(DeltaSnapshot snapshot)
    {
        var blobs = new List<CoverageBlob>();
        foreach (var (domain, json) in snapshot.Domains)
        {
            if (!domain.StartsWith(BlobPosition.DomainPrefix, StringComparison.Ordinal))
                continue;
            var key = domain[BlobPosition.DomainPrefix.Length..];
            if (FlowLogPath.Parse(key) is { Hour: { } hour, Mac: { } mac })
                blobs.Add(new CoverageBlob(key, mac, hour.StartUtc, json));
        }

        return [.. blobs.OrderBy(b => b.Key, StringComparer.Ordinal)];
    }
}
