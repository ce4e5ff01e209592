using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Configuration;

namespace FlowLogAnalyzer.Findings;

/// <summary>A technique of MITRE ATT&amp;CK.</summary>
public sealed record AttackTechnique(string Id, string Name);

/// <summary>What the proposed rules were shown to do when the recorded flows were replayed against them.</summary>
public sealed record FixProof(long Repaired, IReadOnlyList<string> AlsoAdmitted, long StillDenied);

/// <summary>What to change: in a sentence, and, once proved by replay, as code.</summary>
public sealed record FindingFix(string Summary)
{
    public IReadOnlyList<string> Az { get; init; } = [];
    public string Bicep { get; init; } = "";
    public string Terraform { get; init; } = "";
    public FixProof? Proof { get; init; }
}

/// <summary>One thing that is wrong, with the rows that show it. The JSON form is <see cref="FindingJson"/>.</summary>
public sealed record Finding
{
    /// <summary>The id of the finding query: <c>LBC-001</c>.</summary>
    public required string Id { get; init; }
    public required string Title { get; init; }
    public required Severity Severity { get; init; }
    public required Confidence Confidence { get; init; }
    public required string Subject { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime FirstSeen { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime LastSeen { get; init; }

    /// <summary>How many rows <c>evidence.sql</c> returns.</summary>
    public required long Count { get; init; }
    public required string Explanation { get; init; }

    /// <summary>Facts by name (camel case), in the order of the query's columns; the last is <c>sql</c>.</summary>
    public required IReadOnlyList<KeyValuePair<string, object?>> Evidence { get; init; }

    /// <summary>What the logs and the inventory could not show.</summary>
    public IReadOnlyList<string> Limits { get; init; } = [];
    public IReadOnlyList<AttackTechnique> Attack { get; init; } = [];
    public FindingFix? Fix { get; init; }

    /// <summary>Why somebody decided to live with it; such a finding is shown and makes nothing fail.</summary>
    public Suppression? Suppressed { get; init; }

    /// <summary>What to type next about somebody who moves sideways; null when no source is suspected.</summary>
    public string? NextCommand => Severity > Severity.Info && Id.StartsWith("LAT-", StringComparison.Ordinal) && this["source"] is string source ? $"flowlog blast-radius {source}" : null;

    /// <summary>An entry of <see cref="Evidence"/>, or null.</summary>
    public object? this[string evidence] => Evidence.FirstOrDefault(e => e.Key == evidence).Value;

    /// <summary>The worst first, those suppressed behind all others; equal input gives equal order.</summary>
    public static IReadOnlyList<Finding> Sort(IEnumerable<Finding> findings) =>
    [
        .. findings
            .OrderBy(f => f.Suppressed is not null)
            .ThenByDescending(f => f.Severity)
            .ThenBy(f => f.Id, StringComparer.Ordinal)
            .ThenBy(f => f.Subject, StringComparer.Ordinal)
            .ThenBy(f => f["nsg"] as string, StringComparer.Ordinal)
            .ThenBy(f => f["rule"] as string, StringComparer.Ordinal)
            .ThenBy(f => f.FirstSeen)
            .ThenBy(f => (string)f["sql"]!, StringComparer.Ordinal),
    ];
}
