namespace FlowLogAnalyzer.Nsg.Tags;

/// <summary>Where the meaning of a tag came from, best first.</summary>
public enum TagOrigin : byte
{
    /// <summary>An effective-rules export of the NIC: what the platform itself uses.</summary>
    EffectiveRules = 1,

    /// <summary>The user's own map.</summary>
    Override,

    /// <summary>Worked out from the network's address spaces, peerings, routes and documentation.</summary>
    Computed,

    /// <summary>The downloadable service-tags file.</summary>
    ServiceTagFile,
}

/// <summary>A part of a tag and why it is in it; <paramref name="Assumed"/> parts have no written confirmation.</summary>
public readonly record struct TagPart(AddressRange Range, string Why, bool Assumed);

/// <summary>What a tag stands for on one subnet or NIC.</summary>
public sealed class TagExpansion
{
    public TagExpansion(string name, TagOrigin origin, string source, IReadOnlyList<TagPart> parts)
    {
        Name = name;
        Origin = origin;
        Source = source;
        Parts = parts;
        Addresses = AddressSet.Of(parts.Select(p => p.Range));
        Confirmed = parts.Any(p => p.Assumed) ? AddressSet.Of(parts.Where(p => !p.Assumed).Select(p => p.Range)) : Addresses;
    }

    public string Name { get; }

    public TagOrigin Origin { get; }

    /// <summary>In words: which file with which change number, which export, which address spaces.</summary>
    public string Source { get; }

    public IReadOnlyList<TagPart> Parts { get; }

    public AddressSet Addresses { get; }

    /// <summary>The addresses without the assumed parts.</summary>
    public AddressSet Confirmed { get; }

    public bool HasAssumptions => !ReferenceEquals(Addresses, Confirmed);
}
