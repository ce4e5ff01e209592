using System.Reflection;

namespace FlowLogAnalyzer.Findings;

/// <summary>Names of ATT&amp;CK techniques, from queries/data/attack.csv (MITRE ATT&amp;CK for Enterprise, the version its first line names).</summary>
internal static class AttackNames
{
    private static readonly Lazy<Dictionary<string, string>> Names = new(Load);

    /// <exception cref="InvalidDataException">The id is not in the file.</exception>
    public static AttackTechnique Technique(string id) =>
        Names.Value.TryGetValue(id, out var name)
            ? new AttackTechnique(id, name)
            : throw new InvalidDataException($"The ATT&CK id {id} is not in queries/data/attack.csv; add it there with its name.");

    private static Dictionary<string, string> Load()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("queries/data/attack.csv")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#') && !line.StartsWith("id,", StringComparison.Ordinal))
            .Select(line => line.Split(',', 2))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
    }
}
