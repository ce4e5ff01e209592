using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Import;

namespace FlowLogAnalyzer.Inventory;

/// <summary>What an import brought: documents to keep, counts per kind and notes on files that could not be used.</summary>
public sealed record InventoryImport(
    IReadOnlyList<InventoryDocument> Documents, IReadOnlyList<InventoryNote> Notes, IReadOnlyDictionary<string, int> Counts, int Files)
{
    /// <summary>Objects that were refused, and files that could not be read; each has a note.</summary>
    public int Refused { get; init; }
}

/// <summary>Reads kubectl and az exports, told apart by their content.</summary>
public static partial class InventoryImporter
{
    private const int RefusedShown = 10;

    private const string Expected =
        "expected is JSON of kubectl (nodes, services, endpointslices, pods, ingresses, ingressclasses, networkpolicies) or az (aks, nsg, vnet, subnet, route-table, lb, public-ip, vmss nic, nic, vmss, flow-log, effective NSGs, security admin rules, activity-log) or the service tag file";

    /// <param name="paths">Files, or folders that are searched for *.json with all their folders.</param>
    /// <param name="asOf">When the exports were made (UTC). Without it a folder named yyyyMMddTHHmmssZ says so, else the file's last write time.</param>
    /// <exception cref="FileNotFoundException">A path is neither a file nor a folder.</exception>
    public static InventoryImport Import(IEnumerable<string> paths, DateTime? asOf = null)
    {
        var documents = new Dictionary<(DateTime, string, string), InventoryDocument>();
        var notes = new List<InventoryNote>();
        var found = paths.SelectMany(Find).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var files = found.FindAll(f => Path.GetFileName(f) != "PT1H.json");
        if (files.Count < found.Count)
            notes.Add(new InventoryNote($"{found.Count - files.Count} file(s) named PT1H.json are flow logs, not inventory, and were left alone; read them with: flowlog ingest"));

        var refused = 0;
        foreach (var file in files)
            refused += ImportFile(file, asOf?.ToUniversalTime() ?? CaptureTime(file), documents, notes);

        var sorted = documents.Values.OrderBy(d => d.AsOf).ThenBy(d => d.Kind, StringComparer.Ordinal).ThenBy(d => d.Id, StringComparer.Ordinal).ToList();
        var counts = sorted.Where(d => d.Kind != InventoryKinds.Coverage).GroupBy(d => d.Kind).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        return new InventoryImport(sorted, notes, counts, files.Count) { Refused = refused };
    }

    /// <summary>The capture time of a file: the nearest folder named yyyyMMddTHHmmssZ above it, else its last write time.</summary>
    public static DateTime CaptureTime(string file)
    {
        var folders = Path.GetFullPath(file).Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).SkipLast(1).Reverse();
        foreach (var folder in folders.Where(f => CaptureFolder().IsMatch(f)))
            if (DateTime.TryParseExact(folder, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
                return time;

        return File.GetLastWriteTimeUtc(file);
    }

    private static IEnumerable<string> Find(string path)
    {
        if (File.Exists(path))
            return [path];

        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*.json", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, MatchCasing = MatchCasing.CaseInsensitive })
            : throw new FileNotFoundException($"{path} is neither a file nor a folder; expected are kubectl or az exports in JSON.", path);
    }

    /// <summary>Returns how much of the file was refused.</summary>
    private static int ImportFile(string file, DateTime asOf, Dictionary<(DateTime, string, string), InventoryDocument> documents, List<InventoryNote> notes)
    {
        var content = TryRead(file, notes);
        if (content is null)
            return 1;

        foreach (var (kind, entity) in content.Entities)
            Add(documents, EntityJson.ToDocument(asOf, kind, entity));

        foreach (var (kind, scope) in content.Complete)
            Add(documents, EntityJson.ToDocument(asOf, InventoryKinds.Coverage, new CoverageEntity { Id = $"{kind} {scope}", Name = kind, Kind = kind, Scope = scope }));

        notes.AddRange(content.Refused.Take(RefusedShown).Select(what => new InventoryNote($"{file}: {what}. The rest is read.", file)));
        if (content.Refused.Count > RefusedShown)
            notes.Add(new InventoryNote($"{file}: and {content.Refused.Count - RefusedShown} more objects are refused.", file));
        notes.AddRange(content.Remarks.Distinct(StringComparer.Ordinal).Select(remark => new InventoryNote($"{file}: {remark}.", file)));
        if (content.Unused.Count > 0)
            notes.Add(new InventoryNote($"{file}: not used: {string.Join(", ", content.Unused.Select(u => $"{u.Value} x {u.Key}"))}; {Expected}.", file));
        else if (content.Objects == 0 && content.Complete.Count == 0 && content.Remarks.Count + content.Refused.Count == 0)
            notes.Add(new InventoryNote($"{file}: an empty list does not say of what there is nothing, so it changes nothing; {Expected}.", file));
        return content.Refused.Count;
    }

    /// <summary>The same entity can be in two files of one snapshot; the fuller one is kept.</summary>
    private static void Add(Dictionary<(DateTime, string, string), InventoryDocument> documents, InventoryDocument document)
    {
        var key = (document.AsOf, document.Kind, document.Id);
        if (!documents.TryGetValue(key, out var other) || other.Json.Length < document.Json.Length
            || (other.Json.Length == document.Json.Length && string.CompareOrdinal(document.Json, other.Json) < 0))
            documents[key] = document;
    }

    private static FileContent? TryRead(string file, List<InventoryNote> notes)
    {
        try
        {
            var bytes = File.ReadAllBytes(file).AsMemory();
            bytes = bytes.Span.StartsWith("\ufeff"u8) ? bytes["\ufeff"u8.Length..] : bytes;
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return DocumentSplitter.Split(document.RootElement, BadText.MayBeIn(bytes.Span));
        }
        catch (JsonException error)
        {
            notes.Add(new InventoryNote($"{file}: not JSON at line {error.LineNumber + 1}, byte {error.BytePositionInLine}; {Expected}.", file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            notes.Add(new InventoryNote($"{file}: cannot be read: {error.Message}", file));
        }

        return null;
    }

    [GeneratedRegex("^[0-9]{8}T[0-9]{6}Z$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CaptureFolder();
}
