namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>Parts of ARM ids; everything here expects and returns lower case, except <see cref="Name"/>.</summary>
internal static class ArmIds
{
    /// <summary>The last segment: the resource's own name.</summary>
    public static string Name(string id) => id[(id.LastIndexOf('/') + 1)..];

    /// <summary>The segment after <paramref name="key"/>, null when there is none.</summary>
    public static string? Segment(string? id, string key)
    {
        if (id is null)
            return null;

        var start = id.IndexOf($"/{key}/", StringComparison.OrdinalIgnoreCase);
        if (start < 0)
            return null;

        start += key.Length + 2;
        var end = id.IndexOf('/', start);
        return end < 0 ? id[start..] : id[start..end];
    }

    /// <summary>The id up to and with the segment after <paramref name="key"/>: the parent of a child resource.</summary>
    public static string? Parent(string? id, string key)
    {
        if (Segment(id, key) is not { } name)
            return null;

        var start = id!.IndexOf($"/{key}/", StringComparison.OrdinalIgnoreCase) + key.Length + 2;
        return id[..(start + name.Length)];
    }

    /// <summary>The resource type in an id: provider and every other segment behind it.</summary>
    public static string? Type(string? id)
    {
        if (id is null)
            return null;

        var at = id.LastIndexOf("/providers/", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;

        var parts = id[(at + "/providers/".Length)..].Split('/');
        return parts.Length < 2 ? null : string.Join('/', parts.Where((_, i) => i == 0 || i % 2 == 1)).ToLowerInvariant();
    }
}
