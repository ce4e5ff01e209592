using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>The rows of one partition, in the order in which a file holds them.</summary>
internal readonly record struct PartitionRows(int Day, List<RowRun> Runs);

/// <summary>
/// Splits the rows of batches by date and puts each part in the order of a file: by the minute of the record, then NIC,
/// blob, record and tuple. A log is written minute by minute, so this is the order of time to within a minute or two,
/// which is all that skipping row groups needs; and as records are moved whole, everything that the rows of a record share
/// costs next to nothing to store. Keeps its lists for the next call, whose result takes the place of the last one; not for several
/// threads at once.
/// </summary>
internal sealed class TupleSort
{
    private const long MinuteMs = 60_000;

    private readonly SortedList<int, Part> _parts = [];
    private readonly Stack<Part> _spare = [];

    public IEnumerable<PartitionRows> ByDate(IReadOnlyList<TupleBatch> batches)
    {
        foreach (var part in _parts.Values)
            _spare.Push(part.Cleared());
        _parts.Clear();
        for (var b = 0; b < batches.Count; b++)
        {
            for (var row = 0; row < batches[b].Count;)
                row = Collect(batches[b], b, row);
        }

        return _parts.Select(p => new PartitionRows(p.Key, p.Value.Sorted()));
    }

    /// <summary>All rows, whatever their date, in the order of a file: for rows that lie together already.</summary>
    public static List<RowRun> Whole(IReadOnlyList<TupleBatch> batches)
    {
        var whole = new Part();
        for (var b = 0; b < batches.Count; b++)
        {
            for (var row = 0; row < batches[b].Count;)
            {
                var piece = PieceAt(batches[b], b, row);
                whole.Pieces.Add(piece);
                row += piece.Rows.Length;
            }
        }

        return whole.Sorted();
    }

    /// <summary>The minute by which rows of a record are sorted: that of its <c>time</c>, else that of its first row.</summary>
    public static long Minute(long? recordTimeMs, long rowTimeMs) => (long)Math.Floor(UnixTime.Clamp(recordTimeMs ?? rowTimeMs) / (double)MinuteMs);

    /// <summary>Takes the record that begins at <paramref name="start"/>; returns the row behind it.</summary>
    private int Collect(TupleBatch batch, int index, int start)
    {
        var piece = PieceAt(batch, index, start);
        batch.RecordOf(start, out var record);
        var times = batch.TimeMs.AsSpan(start, piece.Rows.Length);
        for (var at = 0; at < times.Length;)
        {
            var day = EventDate.Of(UnixTime.Clamp(times[at]), record.TimeMs, batch.Blob.Hour);
            var next = at + SameDay(times[at..], day, record.TimeMs, batch.Blob.Hour);
            if (!_parts.TryGetValue(day, out var part))
                _parts.Add(day, part = _spare.TryPop(out var spare) ? spare : new Part());
            part.Pieces.Add(piece with { Rows = new RowRun(index, start + at, next - at) });
            at = next;
        }

        return start + piece.Rows.Length;
    }

    /// <summary>The rows from <paramref name="start"/> on that are of one record.</summary>
    private static Piece PieceAt(TupleBatch batch, int index, int start)
    {
        var group = batch.RecordOf(start, out var record);
        var groups = batch.Group.AsSpan(0, batch.Count);
        var end = start;
        while (end < groups.Length && ReferenceEquals(batch.Groups[groups[end]].Record, record))
        {
            var length = groups[end..].IndexOfAnyExcept(groups[end]);
            end = length < 0 ? groups.Length : end + length;
        }

        var minute = Minute(record.TimeMs, batch.TimeMs[start]);
        return new Piece(minute, TupleGather.Mac(batch, group), batch.BlobOf(group).Key, record.Index, batch.TupleIndex[start], new RowRun(index, start, end - start));
    }

    /// <summary>How many of the first rows belong to the day. Nearly always all: then they are only compared with its borders.</summary>
    private static int SameDay(ReadOnlySpan<long> times, int day, long? recordTimeMs, BlobHour? hour)
    {
        var first = day * UnixTime.MsPerDay;
        var last = first + UnixTime.MsPerDay - 1;
        var anchor = recordTimeMs ?? hour?.UnixMs;
        var (from, to) = anchor is { } a ? (Math.Max(first, a - UnixTime.MsPerDay), Math.Min(last, a + UnixTime.MsPerDay)) : (first, last);
        if (from > to)
            return Slowly(times, 0);
        var odd = times.IndexOfAnyExceptInRange(from, to);
        return odd < 0 ? times.Length : Slowly(times, odd);

        int Slowly(ReadOnlySpan<long> rest, int at)
        {
            while (at < rest.Length && EventDate.Of(UnixTime.Clamp(rest[at]), recordTimeMs, hour) == day)
                at++;
            return at;
        }
    }

    private static int Compare(Piece x, Piece y)
    {
        var order = x.Minute.CompareTo(y.Minute);
        if (order == 0)
            order = string.CompareOrdinal(x.Mac, y.Mac);
        if (order == 0)
            order = string.CompareOrdinal(x.Blob, y.Blob);
        if (order == 0)
            order = x.Record.CompareTo(y.Record);
        if (order == 0)
            order = x.Tuple.CompareTo(y.Tuple);
        if (order == 0)
            order = x.Rows.Batch.CompareTo(y.Rows.Batch);
        return order != 0 ? order : x.Rows.Start.CompareTo(y.Rows.Start);
    }

    /// <summary>Neighbouring rows of one record, and by what they are sorted.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Piece(long Minute, string? Mac, string Blob, int Record, int Tuple, RowRun Rows);

    /// <summary>The lists of one partition.</summary>
    private sealed class Part
    {
        private readonly List<RowRun> _runs = [];

        public List<Piece> Pieces { get; } = [];

        public Part Cleared()
        {
            Pieces.Clear();
            return this;
        }

        public List<RowRun> Sorted()
        {
            _runs.Clear();
            Pieces.Sort(Compare);
            foreach (var piece in Pieces)
                _runs.Add(piece.Rows);
            return _runs;
        }
    }
}
