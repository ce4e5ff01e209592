using System.Security.Cryptography;
using System.Text;
using FlowLogAnalyzer.Findings;

namespace FlowLogAnalyzer.Incidents;

/// <summary>
/// Joins findings into incidents: one for what goes wrong at one Service in one way, one for all that a source does, one for
/// each blind spot and for the rules of each NSG. Every finding is in exactly one incident; those that were suppressed are in none.
/// </summary>
public static class IncidentBuilder
{
    /// <summary>Flow logs are written once a minute and arrive within a few: what was seen later than this before the end still goes on.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(5);

    /// <param name="findings">Of one check.</param>
    /// <param name="lastRow">UTC: the time of the last tuple that was looked at; null = there was none.</param>
    /// <returns>The worst first.</returns>
    public static IReadOnlyList<Incident> Join(IEnumerable<Finding> findings, DateTime? lastRow)
    {
        var groups = new Dictionary<IncidentPlace, List<Finding>>();
        var followers = new List<Finding>();
        foreach (var finding in findings.Where(f => f.Suppressed is null))
        {
            if (IncidentPlace.Of(finding) is { } place)
                Add(groups, place, finding);
            else
                followers.Add(finding);
        }

        // What follows is matched with what leads alone, so that the order of the findings does not matter.
        var outages = groups.Where(g => g.Key.Kind == IncidentKind.Outage).ToDictionary(g => g.Key, g => g.Value.ToList());
        foreach (var finding in followers)
            Add(groups, Outage(finding, outages) ?? IncidentPlace.Alone(finding), finding);

        return
        [
            .. groups.Select(g => Build(g.Key, g.Value, lastRow))
                .OrderByDescending(i => i.Severity).ThenBy(i => i.Kind).ThenBy(i => i.FirstSeen).ThenBy(i => i.Id, StringComparer.Ordinal),
        ];
    }

    private static void Add(Dictionary<IncidentPlace, List<Finding>> groups, IncidentPlace place, Finding finding)
    {
        if (groups.TryGetValue(place, out var list))
            list.Add(finding);
        else
            groups.Add(place, [finding]);
    }

    /// <summary>
    /// The outage that a finding explains: of the same Service, or decided by the same NSG; of several the one whose time it
    /// shares most. Null when it explains none.
    /// </summary>
    private static IncidentPlace? Outage(Finding finding, Dictionary<IncidentPlace, List<Finding>> outages)
    {
        var (service, nsg) = (IncidentPlace.Text(finding, "service"), IncidentPlace.Text(finding, "nsg"));
        bool Decides(List<Finding> leaders) => nsg is not null && leaders.Exists(f => IncidentPlace.Text(f, "nsg") == nsg);
        return outages
            .Where(o => service is not null ? o.Key.Subject == service : Decides(o.Value))
            .OrderByDescending(o => Decides(o.Value))
            .ThenByDescending(o => o.Value.Max(f => Shared(f, finding)))
            .ThenBy(o => o.Key.Subject, StringComparer.Ordinal)
            .ThenBy(o => o.Key.Cause, StringComparer.Ordinal)
            .Select(o => o.Key)
            .FirstOrDefault();
    }

    private static TimeSpan Shared(Finding one, Finding other)
    {
        var (from, to) = (one.FirstSeen > other.FirstSeen ? one.FirstSeen : other.FirstSeen, one.LastSeen < other.LastSeen ? one.LastSeen : other.LastSeen);
        return to - from;
    }

    private static Incident Build(IncidentPlace place, List<Finding> findings, DateTime? lastRow)
    {
        var main = findings
            .OrderBy(f => IncidentPlace.Of(f) is null).ThenByDescending(f => f.Severity).ThenByDescending(f => f.Confidence).ThenByDescending(f => f.Count)
            .ThenBy(f => f.FirstSeen).ThenBy(f => f.Id, StringComparer.Ordinal).ThenBy(f => f.Subject, StringComparer.Ordinal).First();
        IReadOnlyList<Finding> ordered = [main, .. findings.Where(f => !ReferenceEquals(f, main)).OrderBy(f => f.FirstSeen).ThenBy(f => f.Id, StringComparer.Ordinal)];
        var incident = new Incident
        {
            Id = Name(place),
            Kind = place.Kind,
            State = IncidentState.Open,
            Title = Title(place, main),
            Subject = place.Subject.Length > 0 ? place.Subject : main.Subject,
            Findings = ordered,
        };
        return incident with { State = IsOver(incident, lastRow) ? IncidentState.Over : IncidentState.Open };
    }

    /// <summary>A rule or a blind spot stays until somebody changes it; traffic ends by itself.</summary>
    private static bool IsOver(Incident incident, DateTime? lastRow) =>
        incident.Kind is IncidentKind.Outage or IncidentKind.Suspect && incident.Main.Count > 1 && lastRow - incident.LastSeen > Recent;

    private static string Title(IncidentPlace place, Finding main) => place switch
    {
        { Kind: IncidentKind.Outage, Cause: IncidentPlace.Requests } => $"Requests to {place.Subject} fail",
        { Kind: IncidentKind.Outage, Cause: IncidentPlace.Probes } => $"Backends of {place.Subject} fail their health probes",
        { Kind: IncidentKind.Suspect } => $"{place.Subject} does what nothing in the cluster explains",
        { Kind: IncidentKind.Hygiene, Cause: "" } => $"Rules of {place.Subject} to tidy up",
        _ => main.Title,
    };

    private static string Name(IncidentPlace place)
    {
        var prefix = place.Kind switch
        {
            IncidentKind.Outage => "OUT",
            IncidentKind.Suspect => "SUS",
            IncidentKind.BlindSpot => "BLI",
            _ => "HYG",
        };
        return $"{prefix}-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{place.Kind}\n{place.Cause}\n{place.Subject}")).AsSpan(0, 3))}";
    }
}
