using System.Globalization;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>Names of the files in <c>_delta_log</c> (protocol, "Delta Log Entries" and "Checkpoints").</summary>
internal static class DeltaNames
{
    public const string Folder = "_delta_log/";
    public const string LastCheckpoint = Folder + "_last_checkpoint";
    private const string CommitEnding = ".json";
    private const string CheckpointEnding = ".checkpoint.parquet";

    public static string Commit(long version) => Folder + Digits(version) + CommitEnding;

    public static string Checkpoint(long version) => Folder + Digits(version) + CheckpointEnding;

    /// <summary>The version of a commit's path, or null when the path is something else.</summary>
    public static long? CommitVersion(string path) => Version(path, CommitEnding);

    public static long? CheckpointVersion(string path) => Version(path, CheckpointEnding);

    private static string Digits(long version) => version.ToString("D20", CultureInfo.InvariantCulture);

    private static long? Version(string path, string ending)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name.Length == 20 + ending.Length && name.EndsWith(ending, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, 20), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;
    }
}
