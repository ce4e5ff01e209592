using System.Globalization;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>The findings that a person means by an id.</summary>
internal static class FindingChoice
{
    /// <summary>Splits <c>LBC-001:2</c> into the id and the place among the findings of that id, from 1; the place is null when none was given.</summary>
    /// <exception cref="UsageException">What stands behind the colon is no place.</exception>
    public static (string Id, int? Place) Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return (text.ToUpperInvariant(), null);

        return int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place > 0
            ? (text[..colon].ToUpperInvariant(), place)
            : throw new UsageException($"'{text}' is not an id: write LBC-001, or LBC-001:2 for the second finding of that id.");
    }

    /// <summary>The findings of an id, or of an incident; none only when nothing was looked at.</summary>
    /// <param name="session">The lake.</param>
    /// <param name="id">Of a finding or of an incident.</param>
    /// <param name="nothing">Why nothing was looked at; null when something was.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="UsageException">There is no such finding or incident.</exception>
    /// <exception cref="CliException">It was not found in this window.</exception>
    public static IReadOnlyList<Finding> Find(LakeWindow session, string id, out string? nothing, CancellationToken ct)
    {
        id = id.ToUpperInvariant();
        if (FindingIds.IsKnown(id))
        {
            var result = Check.Run(session, new CheckRequest { Only = [id] }, ct);
            nothing = result.NothingLookedAt;
            return result.Findings.Count > 0 || nothing is not null ? result.Findings : throw new CliException($"{id} was not found in this window. `flowlog check` lists what was.");
        }

        var all = Check.Run(session, null, ct);
        nothing = all.NothingLookedAt;
        var incidents = IncidentsCommand.Of(session, all);
        if (incidents.Count == 0 && nothing is not null)
            return [];

        return incidents.FirstOrDefault(i => i.Id == id)?.Findings
            ?? throw new UsageException(
                $"There is no finding '{id}', and no incident of that id in this window. `flowlog incidents` lists those: {(incidents.Count == 0 ? "none" : string.Join(", ", incidents.Select(i => i.Id)))}.");
    }
}
