using System.Text.Json;

namespace FlowLogAnalyzer.Nsg.Tags;

/// <summary>
/// A user's own map of service tags, for what no export says:
/// <code>{ "AzureKeyVault": ["20.60.1.0/24"], "subnets": { "snet-user": { "VirtualNetwork": ["10.10.0.0/16", "168.63.129.16"] } } }</code>
/// A tag below a subnet's name holds on that subnet only, and there before the one that holds everywhere.
/// </summary>
public sealed class TagOverrides
{
    private const string SubnetsKey = "subnets";

    private readonly Dictionary<string, IReadOnlyList<string>> _everywhere;
    private readonly Dictionary<string, Dictionary<string, IReadOnlyList<string>>> _bySubnet;

    private TagOverrides(Dictionary<string, IReadOnlyList<string>> everywhere, Dictionary<string, Dictionary<string, IReadOnlyList<string>>> bySubnet) =>
        (_everywhere, _bySubnet) = (everywhere, bySubnet);

    public static TagOverrides None { get; } = new(NewTags(), []);

    /// <exception cref="FormatException">Something in it is no tag with prefixes; the message says where.</exception>
    public static TagOverrides Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new FormatException("""A map of service tags is an object like { "AzureKeyVault": ["20.60.1.0/24"] }.""");

        var bySubnet = new Dictionary<string, Dictionary<string, IReadOnlyList<string>>>(StringComparer.OrdinalIgnoreCase);
        if (root.TryGetProperty(SubnetsKey, out var subnets))
        {
            if (subnets.ValueKind != JsonValueKind.Object)
                throw new FormatException("""'subnets' is an object like { "snet-user": { "VirtualNetwork": ["10.10.0.0/16"] } }.""");
            foreach (var subnet in subnets.EnumerateObject())
                bySubnet[subnet.Name] = Tags(subnet.Value, $"{SubnetsKey}.{subnet.Name}");
        }

        return new TagOverrides(Tags(root, ""), bySubnet);
    }

    /// <summary>The tags that hold on a subnet.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> On(string? subnet)
    {
        if (subnet is null || !_bySubnet.TryGetValue(subnet, out var own))
            return _everywhere;

        var tags = new Dictionary<string, IReadOnlyList<string>>(_everywhere, StringComparer.OrdinalIgnoreCase);
        foreach (var (tag, prefixes) in own)
            tags[tag] = prefixes;
        return tags;
    }

    private static Dictionary<string, IReadOnlyList<string>> NewTags() => new(StringComparer.OrdinalIgnoreCase);

    private static Dictionary<string, IReadOnlyList<string>> Tags(JsonElement element, string path)
    {
        var tags = NewTags();
        if (element.ValueKind != JsonValueKind.Object)
            throw new FormatException($"'{path}' holds no tags: expected an object of tags with their prefixes.");

        foreach (var tag in element.EnumerateObject().Where(t => path.Length > 0 || t.Name != SubnetsKey))
        {
            var here = path.Length > 0 ? $"{path}.{tag.Name}" : tag.Name;
            var prefixes = tag.Value.ValueKind == JsonValueKind.Array ? tag.Value.EnumerateArray().Select(p => p.ToString()).ToList() : [tag.Value.ToString()];
            if (prefixes.Find(p => !AddressRange.TryParse(p, out _)) is { } bad)
                throw new FormatException($"'{here}' holds '{bad}', which is no address or prefix like 10.10.0.0/16.");
            tags[tag.Name] = prefixes;
        }

        return tags;
    }
}
