using System.Text.Json;

namespace FlowLogAnalyzer.Nsg.Tags;

/// <summary>
/// The downloadable list of service tags (<c>ServiceTags_Public_yyyymmdd.json</c>) or the answer of the service-tags API,
/// which has the same shape. Names are compared without case: the file itself mixes spellings of regions.
/// </summary>
public sealed class ServiceTagFile
{
    private readonly Dictionary<string, string[]> _prefixes;

    private ServiceTagFile(string cloud, string changeNumber, Dictionary<string, string[]> prefixes)
    {
        Cloud = cloud;
        ChangeNumber = changeNumber;
        _prefixes = prefixes;
    }

    public string Cloud { get; }

    /// <summary>Of the whole file; reports name it.</summary>
    public string ChangeNumber { get; }

    public int Count => _prefixes.Count;

    /// <summary>True for the file and the API's answer, which no other document looks like.</summary>
    public static bool Is(JsonElement root) => root.ValueKind == JsonValueKind.Object && root.TryGetProperty("values", out var values) && values.ValueKind == JsonValueKind.Array;

    /// <summary>Reads a file; throws <see cref="FormatException"/> with what is missing when it is something else.</summary>
    public static ServiceTagFile Parse(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        var root = document.RootElement;
        if (!Is(root))
            throw new FormatException("This is not a service-tags file: the top level has no array 'values'. Download ServiceTags_Public_<date>.json or run 'az network list-service-tags -l <region>'.");

        var prefixes = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);
        foreach (var value in root.GetProperty("values").EnumerateArray())
        {
            if (value.TryGetProperty("name", out var name) && value.TryGetProperty("properties", out var properties)
                && properties.TryGetProperty("addressPrefixes", out var list) && name.GetString() is { } tag)
                prefixes[tag] = [.. list.EnumerateArray().Select(p => p.GetString()).OfType<string>()];
        }

        return new ServiceTagFile(Text(root, "cloud"), Text(root, "changeNumber"), prefixes);
    }

    /// <summary>The same from tags that were kept elsewhere than in the file.</summary>
    public static ServiceTagFile Of(string cloud, string changeNumber, IReadOnlyDictionary<string, IReadOnlyList<string>> tags) =>
        new(cloud, changeNumber, tags.ToDictionary(t => t.Key, t => t.Value.ToArray(), StringComparer.OrdinalIgnoreCase));

    public TagExpansion? Expand(string tag)
    {
        if (!_prefixes.TryGetValue(tag, out var prefixes))
            return null;

        var source = $"service-tags file of cloud {Cloud}, change number {ChangeNumber}";
        return new TagExpansion(tag, TagOrigin.ServiceTagFile, source, [.. AddressSet.Parse(prefixes).Ranges.Select(r => new TagPart(r, source, Assumed: false))]);
    }

    private static string Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) ? value.ToString() : "unknown";
}
