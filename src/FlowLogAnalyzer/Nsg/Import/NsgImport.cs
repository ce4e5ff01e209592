using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Nsg.Import;

/// <summary>What a document held.</summary>
public sealed record NsgImport
{
    /// <summary>In document order; from an effective-rules export they are in <see cref="Effective"/> instead.</summary>
    public IReadOnlyList<NetworkSecurityGroup> Nsgs { get; init; } = [];

    public IReadOnlyList<EffectiveNsg> Effective { get; init; } = [];

    public IReadOnlyList<SecurityAdminRule> AdminRules { get; init; } = [];

    /// <summary>Whole sentences: what could not be resolved or was left out, with its place.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>An NSG of an effective-rules export: what applies to one NIC, and what the platform expands its tags to there.</summary>
public sealed record EffectiveNsg
{
    public required NetworkSecurityGroup Nsg { get; init; }

    /// <summary>Set when the NSG applies through the subnet.</summary>
    public string? SubnetId { get; init; }

    /// <summary>Set when the NSG applies through the NIC itself.</summary>
    public string? NicId { get; init; }

    /// <summary>The rules are out of date or replaced; what the platform makes of tags still holds.</summary>
    public bool TagsOnly { get; init; }

    /// <summary>For <see cref="AddressSources.EffectiveTags"/>.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Tags { get; init; }
}

/// <summary>Collects what the readers of one document find.</summary>
internal sealed class ImportResult
{
    public List<NetworkSecurityGroup> Nsgs { get; } = [];

    public List<EffectiveNsg> Effective { get; } = [];

    public List<SecurityAdminRule> AdminRules { get; } = [];

    public List<string> Notes { get; } = [];

    public NsgImport Seal() => new() { Nsgs = Nsgs, Effective = Effective, AdminRules = AdminRules, Notes = Notes };
}
