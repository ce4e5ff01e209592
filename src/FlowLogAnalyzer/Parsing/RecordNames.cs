using System.Text;
using System.Text.Json;

namespace FlowLogAnalyzer.Parsing;

/// <summary>The property names that mean something, in any casing.</summary>
internal enum Name : byte
{
    Other = 0,
    Records,
    Time,
    SystemId,
    MacAddress,
    Category,
    ResourceId,
    Properties,
    FlowLogVersion,
    FlowLogGuid,
    FlowLogResourceId,
    TargetResourceId,
    FlowRecords,
    Version,
    Flows,
    Rule,
    Mac,
    AclId,
    FlowGroups,
    FlowTuples,
    PortId,
    PortName,
}

internal static class RecordNames
{
    private const int Longest = 17;

    private static readonly (string Text, Name Name)[] All =
    [
        ("mac", Name.Mac), ("time", Name.Time), ("rule", Name.Rule), ("flows", Name.Flows), ("aclid", Name.AclId),
        ("portid", Name.PortId), ("version", Name.Version), ("records", Name.Records), ("category", Name.Category),
        ("systemid", Name.SystemId), ("portname", Name.PortName), ("flowtuples", Name.FlowTuples), ("flowgroups", Name.FlowGroups),
        ("macaddress", Name.MacAddress), ("resourceid", Name.ResourceId), ("properties", Name.Properties),
        ("flowrecords", Name.FlowRecords), ("flowlogguid", Name.FlowLogGuid), ("flowlogversion", Name.FlowLogVersion),
        ("targetresourceid", Name.TargetResourceId), ("flowlogresourceid", Name.FlowLogResourceId),
    ];

    private static readonly (string Text, Name Name)[][] ByLength =
        [.. Enumerable.Range(0, Longest + 1).Select(n => All.Where(a => a.Text.Length == n).ToArray())];

    public static Name Find(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return Find(reader.ValueSpan);
        if (reader.ValueSpan.Length > Longest * 6)
            return Name.Other;

        Span<byte> unescaped = stackalloc byte[Longest * 6];
        try
        {
            return Find(unescaped[..reader.CopyString(unescaped)]);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8: not a name of ours.
            return Name.Other;
        }
    }

    private static Name Find(ReadOnlySpan<byte> text)
    {
        if (text.Length > Longest)
            return Name.Other;
        foreach (var (candidate, name) in ByLength[text.Length])
        {
            if (Ascii.EqualsIgnoreCase(text, candidate))
                return name;
        }

        return Name.Other;
    }
}
