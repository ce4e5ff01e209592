using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory.Timeline;

/// <summary>
/// Node, NIC and pod addresses are used again within minutes. Where two entities claim one address at overlapping times
/// the later one takes it over: at its creation, or at the last sighting of the earlier one when that came later.
/// Two owners in one snapshot stay as they are: nobody can tell them apart.
/// </summary>
internal static class AddressOwners
{
    public static IReadOnlyList<Valid<T>> Trim<T>(IReadOnlyList<Valid<T>> versions, Func<T, IEnumerable<string>> addresses)
        where T : InventoryEntity
    {
        var result = versions.ToArray();
        var claims = result.SelectMany((v, i) => addresses(v.Entity).Select(a => (Address: a, Index: i)))
            .GroupBy(c => c.Address, c => c.Index).Where(g => g.Skip(1).Any());
        foreach (var claim in claims)
            TrimOne(result, [.. claim]);

        return [.. result.Where(v => v.From < v.To)];
    }

    private static void TrimOne<T>(Valid<T>[] versions, List<int> indexes)
        where T : InventoryEntity
    {
        indexes.Sort((a, b) => (versions[a].FirstSeen, versions[a].From).CompareTo((versions[b].FirstSeen, versions[b].From)));
        for (var i = 0; i < indexes.Count; i++)
            for (var j = i + 1; j < indexes.Count; j++)
            {
                var (earlier, later) = (versions[indexes[i]], versions[indexes[j]]);
                if (earlier.Entity.Id != later.Entity.Id && earlier.LastSeen < later.FirstSeen && earlier.Overlaps(later.From, later.To))
                    (versions[indexes[i]], versions[indexes[j]]) = HandOver(earlier, later);
            }
    }

    private static (Valid<T> Earlier, Valid<T> Later) HandOver<T>(Valid<T> earlier, Valid<T> later)
        where T : InventoryEntity
    {
        var at = later.From > earlier.LastSeen ? later.From : earlier.LastSeen;
        var sureFrom = later.From > earlier.LastSeen ? later.SureFrom : Max(later.SureFrom, later.FirstSeen);
        return (
            earlier with { To = Min(earlier.To, at), SureTo = Min(earlier.SureTo, later.From > earlier.LastSeen ? at : earlier.LastSeen) },
            later with { From = at, SureFrom = Min(Max(sureFrom, at), later.To) });
    }

    private static DateTime Min(DateTime a, DateTime b) => a < b ? a : b;

    private static DateTime Max(DateTime a, DateTime b) => a > b ? a : b;
}
