using System.Runtime.InteropServices;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>Rows of a blob that were found.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BlobRows(long Rows, long Twice);

/// <summary>
/// Holds the rows of every blob against its reading position. Rows and position are committed together, so a difference means that
/// somebody else changed the table: on purpose, as the history then says, or without meaning to.
/// </summary>
internal sealed class BlobBalance(DeltaSnapshot snapshot, IReadOnlyList<TableChange> changes, VerificationReport report)
{
    private const string Next = "flowlog lake repair; flowlog ingest SOURCE reads the blob again while it exists.";
    private readonly Dictionary<string, long> _again = new(StringComparer.Ordinal);
    private readonly Dictionary<TableChange, (int Blobs, long Rows)> _deleted = [];
    private readonly DateOnly? _kept = RetentionMark.Of(snapshot);

    /// <summary>Active files whose rows could not be counted.</summary>
    public required IReadOnlyList<AddFile> Unusable { get; init; }

    /// <summary>Dates whose positions could not be read.</summary>
    public required IReadOnlySet<DateOnly> DatesWithoutPositions { get; init; }

    /// <summary>Blobs to be read again, with the rows of theirs that are left.</summary>
    public IReadOnlyDictionary<string, long> ReadAgain => _again;

    public IEnumerable<string> Notes => _deleted.OrderBy(d => d.Key.Version).Select(d =>
        $"{d.Value.Rows} rows of {d.Value.Blobs} blobs were deleted on purpose: {d.Key}. They are not read again.");

    /// <summary>Returns the number of positions.</summary>
    public int Run(IReadOnlyDictionary<string, BlobRows> found, IReadOnlyDictionary<string, BlobPosition> positions)
    {
        foreach (var (blob, position) in positions.OrderBy(p => p.Key, StringComparer.Ordinal))
            Compare(blob, position, found.GetValueOrDefault(blob));
        foreach (var (blob, rows) in found.OrderBy(f => f.Key, StringComparer.Ordinal))
            if (!positions.ContainsKey(blob))
                Unknown(blob, rows);
        return positions.Count;
    }

    private void Compare(string blob, BlobPosition position, BlobRows rows)
    {
        if (rows.Twice > 0)
            Add(LakeProblemKind.RowsTwice, blob, rows.Rows, $"{rows.Twice} of its rows are in the lake twice{Changed(blob, "; see what was added")}.");
        else if (rows.Rows > position.Rows)
            Add(LakeProblemKind.RowsUnknown, blob, rows.Rows, $"The lake holds {rows.Rows} rows of it, its reading position says {position.Rows}.");
        else if (rows.Rows < position.Rows)
            Missing(blob, position.Rows - rows.Rows, rows.Rows);
    }

    private void Missing(string blob, long missing, long left)
    {
        if (Unusable.Any(f => FileFacts.Of(f).MayHoldBlob(blob)))
            _again[blob] = left; // told with its file
        else if (IsAtTheMark(blob))
            return;
        else if (changes.LastOrDefault(c => c.MayHaveHeld(blob)) is { IsDeletion: true } deletion)
            _deleted[deletion] = (_deleted.GetValueOrDefault(deletion).Blobs + 1, _deleted.GetValueOrDefault(deletion).Rows + missing);
        else
            Add(LakeProblemKind.RowsMissing, blob, left, $"{missing} of its rows are missing: its reading position says {missing + left}, the lake holds {left}{Changed(blob, "")}.");
    }

    private string Changed(string blob, string otherwise) =>
        changes.LastOrDefault(c => c.MayHaveHeld(blob)) is { } change ? $". Its files were last changed by {change}" : otherwise;

    private void Unknown(string blob, BlobRows rows)
    {
        var hour = FlowLogPath.HourOf(blob);
        var date = hour is { } h ? DateOnly.FromDateTime(h.StartUtc) : (DateOnly?)null;
        if (date is { } d && (DatesWithoutPositions.Contains(d) || d < _kept))
            return;
        Add(LakeProblemKind.RowsUnknown, blob, rows.Rows, $"The lake holds {rows.Rows} rows of it and no reading position: they were put in by something else, and reading the blob would put them in twice.");
    }

    /// <summary>Its first rows may have been of the date before the first that is kept.</summary>
    private bool IsAtTheMark(string blob) =>
        _kept is { } kept && FlowLogPath.HourOf(blob) is { } hour && hour.StartUtc <= kept.ToDateTime(default, DateTimeKind.Utc).AddHours(1);

    private void Add(LakeProblemKind kind, string blob, long left, string problem)
    {
        _again[blob] = left;
        report.Add(kind, "tuples", blob, problem, Next);
    }
}
