using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Import;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Network;

/// <summary>What the user adds to the inventory, so that more can be decided.</summary>
public sealed record NetworkModelOptions
{
    /// <summary>Security admin rules of network managers; they are decided before every NSG.</summary>
    public IReadOnlyList<SecurityAdminRule> AdminRules { get; init; } = [];

    /// <summary>Effective-rules exports of NICs: what the platform uses there goes before anything worked out.</summary>
    public IReadOnlyList<EffectiveNsg> Effective { get; init; } = [];

    /// <summary>The user's own tags, in place of what is worked out.</summary>
    public TagOverrides Tags { get; init; } = TagOverrides.None;

    /// <summary>In place of the service-tags file that the inventory may hold.</summary>
    public ServiceTagFile? TagFile { get; init; }
}
