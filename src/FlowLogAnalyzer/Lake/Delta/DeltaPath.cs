namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>
/// Paths of data files as they stand in a log: relative to the table or absolute, and URI-encoded (protocol, "Add File and
/// Remove File"). A log can be written by anybody who may write to the lake, so that nothing outside of the table's folder is taken,
/// and one file has one name.
/// </summary>
internal static class DeltaPath
{
    /// <summary>The path below the table's folder.</summary>
    /// <param name="text">As in the log.</param>
    /// <param name="table">The table's folder or address.</param>
    /// <exception cref="FormatException">It leads out of the table, or is a second name for a file.</exception>
    public static string Of(string text, string table)
    {
        var path = Inside(Uri.UnescapeDataString(text), table)
            ?? throw new FormatException($"The path '{text}' lies outside of the table (a shallow clone, or a lake that was moved): only files below '{table}' are read.");
        if (path.Length == 0 || path.Split('/').Any(part => part is "" or "." or "..") || path.AsSpan().IndexOfAny('\\', '\0') >= 0)
            throw new FormatException($"The path '{text}' is not the plain path of a file below the table's folder.");
        return path;
    }

    /// <summary>The same for a file that is taken out: a name that cannot be one of ours stays as it is, and takes nothing out.</summary>
    public static string OfRemoved(string text, string table)
    {
        try
        {
            return Of(text, table);
        }
        catch (FormatException)
        {
            return text;
        }
    }

    private static string? Inside(string path, string table)
    {
        var colon = path.IndexOf(':', StringComparison.Ordinal);
        var hasScheme = colon > 1 && path.AsSpan(0, colon).IndexOfAnyExceptInRange('a', 'z') < 0;
        if (!hasScheme && !path.StartsWith('/'))
            return path;

        // "file:/x", "file:///x" and "/x" are the same file.
        var root = Bare(table);
        var bare = Bare(path);
        return root.Length > 0 && bare.StartsWith(root + "/", StringComparison.Ordinal) ? bare[(root.Length + 1)..] : null;
    }

    private static string Bare(string location)
    {
        var text = location.StartsWith("file:", StringComparison.Ordinal) ? "/" + location["file:".Length..].TrimStart('/') : location;
        return text.TrimEnd('/');
    }
}
