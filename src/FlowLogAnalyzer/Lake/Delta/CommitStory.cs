namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>What an entry says about how it came to be (protocol, "Commit Provenance Information"); everything in it is optional.</summary>
public sealed record CommitStory
{
    /// <summary>Texts as they are; anything else as its JSON.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Metrics { get; init; } = new Dictionary<string, string>();

    public string? Engine { get; init; }

    public string? User { get; init; }

    public string? IsolationLevel { get; init; }

    public bool? IsBlindAppend { get; init; }

    /// <summary>The version that it was planned on.</summary>
    public long? ReadVersion { get; init; }

    /// <summary>What only some writers note; flowlog counts its actions here.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
