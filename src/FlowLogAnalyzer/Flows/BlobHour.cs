namespace FlowLogAnalyzer.Flows;

/// <summary>The hour a blob is about, from its path: the unit in which Azure writes and replaces flow logs.</summary>
public readonly record struct BlobHour(DateTime StartUtc)
{
    /// <summary>The end of the hour, or of time: a path may name the last hour of the year 9999.</summary>
    public DateTime EndUtc => StartUtc > DateTime.MaxValue.AddHours(-1) ? DateTime.MaxValue : StartUtc.AddHours(1);

    public long UnixMs => new DateTimeOffset(StartUtc, TimeSpan.Zero).ToUnixTimeMilliseconds();
}

/// <summary>
/// Who a blob is: its key in the lake (stable over runs, never a local spelling of the same blob), and what its path says.
/// </summary>
public sealed record BlobIdentity(string Key)
{
    public BlobHour? Hour { get; init; }

    /// <summary>12 upper-case hex digits from <c>macAddress=</c>, or null.</summary>
    public string? Mac { get; init; }

    /// <summary>False when the path is not one of the forms Azure writes (then rows are flagged <see cref="QualityFlags.Path"/>).</summary>
    public bool IsFlowLogPath => Hour is not null;
}
