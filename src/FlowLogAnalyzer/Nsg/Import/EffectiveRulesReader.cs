using System.Text.Json;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Nsg.Import;

/// <summary>
/// Reads <c>az network nic list-effective-nsg</c> (or <c>az vmss nic</c>, PowerShell): the rules with tags already expanded
/// by the platform for that NIC.
/// </summary>
internal static class EffectiveRulesReader
{
    public static bool IsEffective(JsonElement element) => element.Has("effectiveSecurityRules");

    public static EffectiveNsg Read(JsonElement element, List<string> notes)
    {
        var id = element.Get("networkSecurityGroup")?.Text("id") ?? "";
        var name = id.Length > 0 ? JsonNames.LastSegment(id) : "unnamed";
        var fields = new RuleFields(RuleFields.AsIs, notes);
        var association = element.Get("association");
        return new EffectiveNsg
        {
            Nsg = new NetworkSecurityGroup
            {
                Name = name,
                Id = id,
                Rules = element.Items("effectiveSecurityRules").Select(r => ReadRule(r, fields, name)).ToEquatableList(),
            },
            SubnetId = association?.Get("subnet")?.Text("id"),
            NicId = association?.Get("networkInterface")?.Text("id"),
            Tags = ReadTags(element, fields),
        };
    }

    private static NsgRule ReadRule(JsonElement element, RuleFields fields, string nsg)
    {
        var name = element.Text("name") ?? "";
        var isDefault = name.StartsWith("default", StringComparison.OrdinalIgnoreCase) || DefaultRules.IsName(name);
        return fields.Read(element, isDefault, $"the effective rules of NSG '{nsg}'");
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadTags(JsonElement element, RuleFields fields)
    {
        var tags = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var rule in element.Items("effectiveSecurityRules"))
        {
            foreach (var side in new[] { "source", "destination" })
            {
                var written = fields.Texts(rule, side + "AddressPrefix", side + "AddressPrefixes");
                var expanded = fields.Texts(rule, "expanded" + char.ToUpperInvariant(side[0]) + side[1..] + "AddressPrefix");
                // A rule with several tags does not say which prefix belongs to which.
                if (written.Count == 1 && IsTag(written[0]) && expanded.Count > 0)
                    tags[written[0]] = Prefixes(expanded);
            }
        }

        if (element.Get("tagMap") is { ValueKind: JsonValueKind.Object } map)
        {
            foreach (var tag in map.EnumerateObject().Where(t => t.Value.ValueKind == JsonValueKind.Array))
                tags[tag.Name] = Prefixes(fields.Texts(map, tag.Name));
        }

        return tags;
    }

    private static bool IsTag(string text) => !ServiceTagNames.IsAny(text) && !AddressRange.TryParse(text, out _);

    private static string[] Prefixes(IEnumerable<string> texts) => [.. texts.Where(t => AddressRange.TryParse(t, out _))];
}
