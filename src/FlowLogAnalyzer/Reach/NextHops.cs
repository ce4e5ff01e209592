using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Reach;

/// <summary>The second step: what could be reached from the places within reach.</summary>
internal static class NextHops
{
    private const int MostGains = 12;

    public static IReadOnlyList<NextHop> Of(IReadOnlyList<Reached> reached, IReadOnlyList<ReachTarget> places, Reachability reachability, SuspectFinder finder)
    {
        var direct = reached.SelectMany(r => r.Services.Select(s => (r.Place, s.Protocol, s.Port))).ToHashSet();
        var hops = new List<NextHop>();

        // Something must listen there, else nobody gets in; hosts that no rule tells apart gain the same.
        var pivots = reached.Where(r => r.Place.Kind != AddressKinds.Public && r.Place.Nic is not null && r.Services.Any())
            .Select(r => (r.Place, Identities: finder.Of(r.Place))).Where(p => p.Identities.Count > 0);
        foreach (var group in pivots.GroupBy(p => (p.Place.Group, reachability.KeyOf(p.Identities))).Select(g => g.ToList()))
        {
            // Within a node no rule is asked, and that is the same for every node: it is no gain of this hop.
            var gains = places.Select(p => (Place: p, From: group.Find(g => g.Place != p && g.Place.Nic!.Mac != p.Nic?.Mac))).Where(p => p.From.Identities is not null)
                .Select(p => (p.Place, Opening: reachability.From(p.From.Identities.Where(i => i.Serves(p.Place)), p.Place)))
                .SelectMany(p => p.Place.Services.Where(s => p.Opening.Holds(s) && !direct.Contains((p.Place, s.Protocol, s.Port))).Select(s => (p.Place, Service: s))).ToList();
            if (gains.Count > 0)
                hops.Add(new NextHop([.. group.Select(p => p.Place.Name).Order(StringComparer.Ordinal)], Texts(gains), gains.Count));
        }

        return [.. hops.OrderByDescending(h => h.Services).ThenBy(h => h.Via[0], StringComparer.Ordinal)];
    }

    private static List<string> Texts(List<(ReachTarget Place, ReachService Service)> gains)
    {
        var texts = gains.GroupBy(g => (g.Place.Group, Service: BlastRadiusAnalysis.Text(g.Service)))
            .Select(g => $"{g.Key.Service} of {(g.Count() == 1 ? g.First().Place.Name : $"{g.Count()} {g.Key.Group}")}").Order(StringComparer.Ordinal).ToList();
        return texts.Count <= MostGains ? texts : [.. texts.Take(MostGains - 1), $"{texts.Count - MostGains + 1} more"];
    }
}
