using System.Globalization;
using FlowLogAnalyzer.Lake.Parquet;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>What flowlog tells of its own commits, in the words that <c>DESCRIBE HISTORY</c> shows of anybody's.</summary>
internal static class CommitStories
{
    public const string Serializable = "Serializable";
    private const string SnapshotIsolation = "SnapshotIsolation";

    public static CommitStory Of(DeltaSnapshot planned, DeltaChange change) => new()
    {
        Parameters = change.Parameters,
        Metrics = Metrics(change.Adds, [.. change.Removes.Select(path => planned.Files[path])]),
        ReadVersion = planned.Version,
        IsolationLevel = change.DataChange ? Serializable : SnapshotIsolation,
        IsBlindAppend = change is { DataChange: true, Removes.Count: 0, Metadata: null, Adds.Count: > 0 },
    };

    /// <summary>Files, bytes and, where every file says how many it has, rows.</summary>
    public static IReadOnlyDictionary<string, string> Metrics(IReadOnlyList<AddFile> added, IReadOnlyList<AddFile> removed)
    {
        var metrics = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Count("Added", added);
        Count("Removed", removed);
        return metrics;

        void Count(string what, IReadOnlyList<AddFile> files)
        {
            metrics[$"num{what}Files"] = Text(files.Count);
            metrics[$"num{what}Bytes"] = Text(files.Sum(f => f.Size));
            if (files.Sum(f => FileFacts.Of(f).Rows ?? double.NaN) is var rows && !double.IsNaN(rows))
                metrics[$"num{what}Rows"] = Text((long)rows);
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
