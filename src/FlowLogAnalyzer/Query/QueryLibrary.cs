using System.Reflection;

namespace FlowLogAnalyzer.Query;

/// <summary>The queries and views of queries/: those built into the library, or those of a folder.</summary>
public sealed class QueryLibrary
{
    private static readonly Lazy<QueryLibrary> Embedded = new(() => new QueryLibrary(EmbeddedFiles()));

    private readonly List<QueryFile> _files;

    private QueryLibrary(IEnumerable<(string Folder, string Name, string Sql)> files) =>
        _files = [.. files.OrderBy(f => f.Folder, StringComparer.Ordinal).ThenBy(f => f.Name, StringComparer.Ordinal).Select(f => QueryHeader.Read(f.Folder, f.Name, f.Sql))];

    public static QueryLibrary BuiltIn => Embedded.Value;

    /// <summary>In the order in which they must be created.</summary>
    public IEnumerable<QueryFile> Views => In("views");

    /// <summary>What an engine is told before any query, in this order: its prelude (queries/engines), then the views.</summary>
    public IEnumerable<QueryFile> Definitions(string engine) => In("engines").Where(f => f.Name == engine).Concat(Views);

    public IEnumerable<QueryFile> Findings => In("findings");

    /// <summary>All but the views and what lies under them.</summary>
    public IEnumerable<QueryFile> Queries => _files.Where(f => f.Folder is not ("views" or "engines"));

    /// <summary>Reads <c>*.sql</c> one level below <paramref name="directory"/> (a copy of queries/).</summary>
    public static QueryLibrary FromDirectory(string directory) => new(
        Directory.GetDirectories(directory).SelectMany(folder => Directory.GetFiles(folder, "*.sql").Select(path =>
            (Path.GetFileName(folder), Path.GetFileNameWithoutExtension(path), File.ReadAllText(path)))));

    /// <summary>A query by its name, letter case ignored; null when there is none.</summary>
    public QueryFile? Find(string name) => Queries.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public IEnumerable<QueryFile> In(string folder) => _files.Where(f => f.Folder == folder);

    private static IEnumerable<(string Folder, string Name, string Sql)> EmbeddedFiles()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            var parts = resource.Split('/', '\\');
            if (parts is not ["queries", var folder, var file] || !file.EndsWith(".sql", StringComparison.Ordinal))
                continue;

            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (folder, Path.GetFileNameWithoutExtension(file), reader.ReadToEnd());
        }
    }
}
