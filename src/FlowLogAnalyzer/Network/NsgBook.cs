using FlowLogAnalyzer.Nsg;

namespace FlowLogAnalyzer.Network;

/// <summary>NSGs by whatever something calls them: ARM id, GUID (VNet logs of 2022 to 2024) or name.</summary>
internal sealed class NsgBook
{
    private readonly Dictionary<string, NetworkSecurityGroup> _byKey = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<NetworkSecurityGroup> _replaced = new(ReferenceEqualityComparer.Instance);

    /// <param name="nsgs">By their own exports.</param>
    /// <param name="effective">By effective-rules exports, for NSGs that have no other.</param>
    public NsgBook(IEnumerable<NetworkSecurityGroup> nsgs, IEnumerable<NetworkSecurityGroup> effective)
        : this([.. effective, .. nsgs])
    {
    }

    private NsgBook(IReadOnlyList<NetworkSecurityGroup> nsgs)
    {
        All = [.. nsgs.GroupBy(n => n.Id.Length > 0 ? n.Id : n.Name, StringComparer.OrdinalIgnoreCase).Select(g => g.Last())];
        foreach (var nsg in All)
        {
            _byKey.TryAdd(nsg.Name, nsg);
            if (nsg.ResourceGuid is { Length: > 0 } guid)
                _byKey[guid] = nsg;
        }

        // A name can be taken twice, an id cannot.
        foreach (var nsg in All.Where(n => n.Id.Length > 0))
            _byKey[nsg.Id] = nsg;
    }

    public IReadOnlyList<NetworkSecurityGroup> All { get; }

    /// <summary>True for an NSG that has been given other rules than the exported ones.</summary>
    public bool IsReplaced(NetworkSecurityGroup nsg) => Matching(nsg) is { } now && _replaced.Contains(now);

    public NetworkSecurityGroup? Find(string? key) =>
        key is null ? null
        : _byKey.TryGetValue(key, out var nsg) ? nsg
        : key.Contains('/', StringComparison.Ordinal) && All.Count(n => n.Name.Equals(LastPart(key), StringComparison.OrdinalIgnoreCase)) == 1 ? _byKey[LastPart(key)]
        : null;

    /// <summary>Each new NSG in place of the one with its id, else its name; what it is attached to stays as it is.</summary>
    public NsgBook With(IReadOnlyList<NetworkSecurityGroup> nsgs)
    {
        var next = All.ToList();
        var replaced = new HashSet<NetworkSecurityGroup>(_replaced, ReferenceEqualityComparer.Instance);
        foreach (var nsg in nsgs)
        {
            if (Matching(nsg) is not { } old)
                continue;

            var now = nsg with { Id = old.Id, Name = old.Name, ResourceGuid = old.ResourceGuid, Subnets = old.Subnets, Nics = old.Nics };
            next[next.FindIndex(n => n.Id == old.Id && n.Name == old.Name)] = now;
            replaced.Add(now);
        }

        var book = new NsgBook(next);
        book._replaced.UnionWith(replaced);
        return book;
    }

    /// <summary>The NSG that another version of it would replace; null when there is none.</summary>
    public NetworkSecurityGroup? Matching(NetworkSecurityGroup nsg) => Find(nsg.Id.Length > 0 ? nsg.Id : null) ?? Find(nsg.Name);

    private static string LastPart(string id) => id[(id.LastIndexOf('/') + 1)..];
}
