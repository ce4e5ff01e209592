namespace FlowLogAnalyzer.Nsg.Tags;

/// <summary>Everything that tells what the names in rules stand for on one subnet or NIC; every part may be missing.</summary>
public sealed record AddressSources
{
    private static readonly Dictionary<string, IReadOnlyList<string>> NoTags = [];

    public static AddressSources Nothing { get; } = new();

    /// <summary>Needed for VirtualNetwork and Internet, which differ by subnet.</summary>
    public VirtualNetworkFacts? Network { get; init; }

    /// <summary>Tag to prefixes, from an effective-rules export of the NIC.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> EffectiveTags { get; init; } = NoTags;

    /// <summary>Tag to prefixes, given by the user.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> OverrideTags { get; init; } = NoTags;

    public ServiceTagFile? TagFile { get; init; }

    /// <summary>ARM id (or name) of an application security group to the addresses of its members.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> AsgMembers { get; init; } = NoTags;
}

/// <summary>
/// Resolves service tags and application security groups for one subnet or NIC.
/// Precedence for tags: effective-rules export, then the user's map, then computed from the network, then the tags file.
/// </summary>
public sealed class AddressScope
{
    private readonly AddressSources _sources;
    private readonly Dictionary<string, TagExpansion?> _tags = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, AddressSet> _asgs = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _gate = new();

    public AddressScope(AddressSources sources)
    {
        _sources = sources;
        foreach (var (asg, members) in sources.AsgMembers)
            _asgs[asg] = AddressSet.Parse(members);
        foreach (var (asg, members) in sources.AsgMembers)
            _asgs.TryAdd(LastSegment(asg), AddressSet.Parse(members));
    }

    /// <summary>Null when nothing says what the tag stands for.</summary>
    public TagExpansion? Expand(string tag)
    {
        lock (_gate)
        {
            if (!_tags.TryGetValue(tag, out var expansion))
                _tags[tag] = expansion = Find(ServiceTagNames.Canonical(tag));
            return expansion;
        }
    }

    /// <summary>Null when the members of the group are not known.</summary>
    public AddressSet? Members(string asg) =>
        _asgs.TryGetValue(asg, out var members) || _asgs.TryGetValue(LastSegment(asg), out members) ? members : null;

    private TagExpansion? Find(string tag) =>
        FromMap(tag, _sources.EffectiveTags, TagOrigin.EffectiveRules, "effective-rules export")
        ?? FromMap(tag, _sources.OverrideTags, TagOrigin.Override, "tag map of the user")
        ?? ComputedTags.Expand(tag, _sources.Network)
        ?? _sources.TagFile?.Expand(tag);

    private static TagExpansion? FromMap(string tag, IReadOnlyDictionary<string, IReadOnlyList<string>> map, TagOrigin origin, string source)
    {
        var entry = map.FirstOrDefault(e => ServiceTagNames.Canonical(e.Key).Equals(tag, StringComparison.OrdinalIgnoreCase));
        return entry.Key is null
            ? null
            : new TagExpansion(tag, origin, source, [.. AddressSet.Parse(entry.Value).Ranges.Select(r => new TagPart(r, source, Assumed: false))]);
    }

    private static string LastSegment(string id) => id[(id.LastIndexOf('/') + 1)..];
}
