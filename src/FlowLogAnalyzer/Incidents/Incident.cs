using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Incidents;

/// <summary>What kind of thing went wrong; the order is that in which a person on call wants to hear of them.</summary>
public enum IncidentKind
{
    /// <summary>Users of a Service notice it, or will when a node comes back: probes fail, or requests do.</summary>
    Outage,

    /// <summary>A machine or pod does what nothing in the cluster explains.</summary>
    Suspect,

    /// <summary>Something that the logs or the inventory cannot show.</summary>
    BlindSpot,

    /// <summary>Rules that should be tidied up before they hurt.</summary>
    Hygiene,
}

/// <summary>Whether it still goes on at the end of what was looked at.</summary>
public enum IncidentState
{
    Open,
    Over,
}

/// <summary>Findings with one cause, at one place, told as one thing. The JSON form is <see cref="IncidentJson"/>.</summary>
public sealed record Incident
{
    /// <summary>The same for the same cause and subject whenever it is looked at: <c>OUT-3F9A2C</c>.</summary>
    public required string Id { get; init; }
    public required IncidentKind Kind { get; init; }
    public required IncidentState State { get; init; }
    public required string Title { get; init; }
    public required string Subject { get; init; }

    /// <summary>What it is about first, then its consequences and what else was seen, in the order of time.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The finding that says what is the matter.</summary>
    public Finding Main => Findings[0];

    /// <summary>The cause, in a sentence or two.</summary>
    public string Cause => Main.Explanation;

    /// <summary>From the worst effect.</summary>
    public Severity Severity => Findings.Max(f => f.Severity);

    public Confidence Confidence => Findings.Where(f => f.Severity == Severity).Max(f => f.Confidence);

    /// <summary>UTC; of the findings that say what is the matter, not of those that say what changed.</summary>
    public DateTime FirstSeen => Leading.Min(f => f.FirstSeen);

    /// <summary>UTC; as <see cref="FirstSeen"/>.</summary>
    public DateTime LastSeen => Leading.Max(f => f.LastSeen);

    private IEnumerable<Finding> Leading => Findings.Where(f => ReferenceEquals(f, Main) || IncidentPlace.Of(f) is not null);

    /// <summary>The repair that was proved by replay, else the one that the main finding describes.</summary>
    public FindingFix? Fix => Findings.FirstOrDefault(f => f.Fix is { Az.Count: > 0 })?.Fix ?? Main.Fix;

    /// <summary>The command to type next.</summary>
    public string Next => Kind switch
    {
        IncidentKind.Outage when Findings.FirstOrDefault(f => f.Fix is { Az.Count: > 0 }) is { } repairable => $"flowlog fix {repairable.Id} --as az",
        IncidentKind.Suspect when Main["source"] is string source => $"flowlog blast-radius {source}",
        _ => $"flowlog show {Id}",
    };
}
