using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Import;

namespace FlowLogAnalyzer.Inventory.Timeline;

/// <summary>
/// Snapshots to versions with validity. The same id in consecutive snapshots extends; other fields start a new version at
/// the snapshot that shows them; the first complete listing without the id ends it. A snapshot says nothing about kinds
/// and scopes that it does not list.
/// </summary>
internal sealed class EntityTimeline
{
    private readonly ILookup<string, InventoryDocument> _byKind;
    private readonly ILookup<(string Kind, string Scope), DateTime> _coverage;

    public EntityTimeline(IEnumerable<InventoryDocument> documents)
    {
        var all = documents.Where(d => InventoryKinds.Types.ContainsKey(d.Kind)).OrderBy(d => d.AsOf).ToList();
        _byKind = all.Where(d => d.Kind != InventoryKinds.Coverage).ToLookup(d => d.Kind, StringComparer.Ordinal);
        _coverage = all.Where(d => d.Kind == InventoryKinds.Coverage)
            .Select(d => (d.AsOf, Coverage: (CoverageEntity)EntityJson.FromDocument(d)))
            .ToLookup(c => (c.Coverage.Kind, c.Coverage.Scope), c => c.AsOf);
    }

    public bool Has(string kind) => _byKind.Contains(kind) || _coverage.Any(c => c.Key.Kind == kind);

    /// <summary>Entities that are events: each once, however many snapshots show it.</summary>
    public IReadOnlyList<T> Events<T>(string kind)
        where T : InventoryEntity =>
        [.. _byKind[kind].DistinctBy(d => d.Id, StringComparer.Ordinal).OrderBy(d => d.Id, StringComparer.Ordinal).Select(d => (T)EntityJson.FromDocument(d))];

    /// <summary>When snapshots showed an entity, ascending.</summary>
    public IReadOnlyList<DateTime> Sightings(string kind, string id) => [.. _byKind[kind].Where(d => d.Id == id).Select(d => d.AsOf)];

    public IReadOnlyList<Valid<T>> Build<T>(string kind)
        where T : InventoryEntity
    {
        var versions = new List<Valid<T>>();
        foreach (var sightings in _byKind[kind].GroupBy(d => d.Id, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
            versions.AddRange(BuildOne<T>(kind, [.. sightings]));

        return versions;
    }

    private List<Valid<T>> BuildOne<T>(string kind, List<InventoryDocument> sightings)
        where T : InventoryEntity
    {
        var entities = sightings.ConvertAll(s => (T)EntityJson.FromDocument(s));
        var listings = _coverage[(kind, entities[0].Scope)].Concat(_coverage[(kind, "*")]).Distinct().Order().ToList();
        var versions = new List<Valid<T>>();
        for (var first = 0; first < sightings.Count;)
        {
            var last = first;
            while (last + 1 < sightings.Count && !AnyBetween(listings, sightings[last].AsOf, sightings[last + 1].AsOf))
                last++;

            versions.AddRange(Presence(sightings, entities, listings, first, last));
            first = last + 1;
        }

        return versions;
    }

    /// <summary>The versions within one unbroken presence: sightings with no complete listing between them that lacks the id.</summary>
    private static IEnumerable<Valid<T>> Presence<T>(List<InventoryDocument> sightings, List<T> entities, List<DateTime> listings, int first, int last)
        where T : InventoryEntity
    {
        var (firstSeen, lastSeen) = (sightings[first].AsOf, sightings[last].AsOf);
        var missingBefore = listings.Where(l => l < firstSeen).Select(l => (DateTime?)l).LastOrDefault();
        var missingAfter = listings.Where(l => l > lastSeen).Select(l => (DateTime?)l).FirstOrDefault();

        // Created before a listing that lacks it: a pod that had no address yet, or one that the listing hid.
        var created = entities[first].Created is { } time && time <= firstSeen && !(time <= missingBefore) ? entities[first].Created : null;
        var from = created ?? missingBefore ?? InventorySchema.BeginningOfTime;
        var sureFrom = created is null && missingBefore is not null ? firstSeen : from;

        for (var i = first; i <= last;)
        {
            var next = i + 1;
            while (next <= last && sightings[next].Json == sightings[i].Json)
                next++;

            var to = next <= last ? sightings[next].AsOf : missingAfter ?? InventorySchema.EndOfTime;
            yield return new Valid<T>(entities[i], from, to)
            {
                SureFrom = sureFrom,
                SureTo = next <= last || missingAfter is null ? to : lastSeen,
                FirstSeen = firstSeen,
                LastSeen = lastSeen,
            };
            (from, sureFrom, i) = (to, to, next);
        }
    }

    private static bool AnyBetween(List<DateTime> times, DateTime after, DateTime before) => times.Exists(t => t > after && t < before);
}
