using System.Text.Json;

namespace FlowLogAnalyzer.Lab.Logs;

/// <summary>Makes room for a run: two runs in one folder would look like one with too many tuples.</summary>
internal static class OutputFolder
{
    private const string LogFolders = "insights-logs-*";

    /// <exception cref="IOException">The folder holds flow logs, and no <c>truth.json</c> says that the lab made them.</exception>
    public static void Prepare(string folder)
    {
        Directory.CreateDirectory(folder);
        if (EarlierRun(folder) is { } truth)
            Remove(folder, truth);
        else if (Directory.EnumerateDirectories(folder, LogFolders).Any())
            throw new IOException($"{folder} holds flow logs that are not the lab's (there is no truth.json of the lab beside them); give an empty or a new folder.");
    }

    private static LabTruth? EarlierRun(string folder)
    {
        var file = Path.Combine(folder, "truth.json");
        try
        {
            return File.Exists(file) ? LabTruth.FromJson(File.ReadAllText(file)) : null;
        }
        catch (JsonException)
        {
            // Somebody else's file of that name.
            return null;
        }
    }

    private static void Remove(string folder, LabTruth truth)
    {
        foreach (var logs in Directory.EnumerateDirectories(folder, LogFolders).ToList())
            Directory.Delete(logs, recursive: true);
        foreach (var capture in truth.Inventory.Where(IsCapture).Select(name => Path.Combine(folder, "inventory", name)).Where(Directory.Exists))
            Directory.Delete(capture, recursive: true);
        File.Delete(Path.Combine(folder, "truth.json"));
    }

    /// <summary>A changed truth.json must not make us delete anything else.</summary>
    private static bool IsCapture(string name) => name.Length == "20261116T090000Z".Length && name.All(char.IsAsciiLetterOrDigit);
}
