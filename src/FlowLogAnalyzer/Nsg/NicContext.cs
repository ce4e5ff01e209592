using FlowLogAnalyzer.Nsg.Import;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Nsg;

/// <summary>All that decides about the traffic of one NIC at one time.</summary>
public sealed record NicContext
{
    /// <summary>For messages: the name of the NIC or node.</summary>
    public string Name { get; init; } = "";

    /// <summary>For messages: the name of the subnet.</summary>
    public string Subnet { get; init; } = "";

    /// <summary>Null: the subnet has no NSG, which allows everything at that level.</summary>
    public NetworkSecurityGroup? SubnetNsg { get; init; }

    /// <summary>Null: the NIC has no NSG, which allows everything at that level.</summary>
    public NetworkSecurityGroup? NicNsg { get; init; }

    public IReadOnlyList<SecurityAdminRule> AdminRules { get; init; } = [];

    /// <summary>What tags and application security groups stand for here.</summary>
    public AddressSources Addresses { get; init; } = AddressSources.Nothing;

    /// <summary>
    /// The context with the NSGs and tags that an effective-rules export shows in place of its own: what the platform uses
    /// comes before anything worked out. A level that the export does not show stays. Of two expansions of one tag the
    /// subnet's is taken.
    /// </summary>
    public NicContext With(IReadOnlyList<EffectiveNsg> effective)
    {
        var rules = effective.Where(e => !e.TagsOnly).ToList();
        var tags = new Dictionary<string, IReadOnlyList<string>>(Addresses.EffectiveTags, StringComparer.OrdinalIgnoreCase);
        foreach (var (tag, prefixes) in effective.OrderBy(e => e.SubnetId is not null).SelectMany(e => e.Tags))
            tags[tag] = prefixes;
        return this with
        {
            SubnetNsg = rules.Find(e => e.SubnetId is not null)?.Nsg ?? SubnetNsg,
            NicNsg = rules.Find(e => e.NicId is not null)?.Nsg ?? NicNsg,
            Addresses = Addresses with { EffectiveTags = tags },
        };
    }
}
