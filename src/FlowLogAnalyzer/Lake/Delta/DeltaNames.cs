using System.Globalization;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>Names of the files in <c>_delta_log</c> (protocol, "Delta Log Entries" and "Checkpoint Naming Scheme").</summary>
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

    /// <summary>The version and the number of parts of <c>VERSION.checkpoint.PART.PARTS.parquet</c>.</summary>
    public static (long Version, int Of)? CheckpointPart(string path) =>
        Name(path).Split('.') is [var version, "checkpoint", { Length: 10 } part, { Length: 10 } parts, "parquet"]
            && Number(version) is { } v && Number(part) is >= 1 and { } p && Number(parts) is { } of and <= int.MaxValue && p <= of
            ? (v, (int)of)
            : null;

    /// <summary>True for <c>VERSION.checkpoint.UUID.json</c> or <c>.parquet</c>, which only the feature v2Checkpoint has.</summary>
    public static bool IsV2Checkpoint(string path) =>
        Name(path).Split('.') is [var version, "checkpoint", { Length: 36 }, "json" or "parquet"] && Number(version) is not null;

    /// <summary>The version that any file of the log belongs to, checksums and parts included; null for what has none.</summary>
    public static long? AnyVersion(string path) => Name(path) is { Length: > 20 } name && name[20] == '.' ? Number(name[..20]) : null;

    /// <summary>The folder, with its slash, of the table in whose log a file lies; null for a file that lies in none.</summary>
    public static string? TableOf(string path) => path.IndexOf("/" + Folder, StringComparison.Ordinal) is > 0 and var at ? path[..(at + 1)] : null;

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string Digits(long version) => version.ToString("D20", CultureInfo.InvariantCulture);

    private static long? Version(string path, string ending) =>
        Name(path) is var name && name.Length == 20 + ending.Length && name.EndsWith(ending, StringComparison.Ordinal) ? Number(name[..20]) : null;

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
