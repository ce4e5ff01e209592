using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Logs;

/// <summary>
/// Collects tuples per log stream (NSG and NIC, or NIC alone) and minute, and commits each minute when it is over, so that
/// memory holds the open minutes and not the run.
/// </summary>
internal sealed class LogStreams(LogFormat format, long start, long end, ILabSink sink)
{
    private const long Minute = 60_000;

    /// <summary>A record is made at least this long after the tuples in it.</summary>
    private const long Lag = 2_000;

    private readonly Dictionary<(int Stream, long RecordTime), List<LogRow>> _open = [];
    private readonly PriorityQueue<(int Stream, long RecordTime), (long RecordTime, int Stream)> _due = new();
    private readonly Dictionary<(string Nsg, string Mac), int> _numbers = [];
    private readonly List<LogStream> _streams = [];

    public long Tuples { get; private set; }

    public long Records { get; private set; }

    /// <summary>Takes a tuple; one after the end of the simulation is never logged.</summary>
    public void Add(LabNic nic, in LogRow row)
    {
        if (row.Milliseconds >= end)
            return;

        var key = (StreamOf(nic, row.Gate.Nsg), RecordTime(nic, row.Milliseconds));
        if (!_open.TryGetValue(key, out var rows))
        {
            _open[key] = rows = [];
            _due.Enqueue(key, (key.Item2, key.Item1));
        }
        rows.Add(row);
        Tuples++;
    }

    /// <summary>Commits every record whose time has come.</summary>
    public void Advance(long now)
    {
        while (_due.TryPeek(out var key, out _) && key.RecordTime <= now)
        {
            _due.Dequeue();
            _open.Remove(key, out var rows);
            Commit(_streams[key.Stream], key.RecordTime, rows!);
        }
    }

    public void Finish() => Advance(long.MaxValue);

    private void Commit(LogStream stream, long recordTime, List<LogRow> rows)
    {
        var records = stream.Writer.Write(recordTime + Drift(recordTime), InOrder(rows));
        Records += records.Count;
        sink.Commit(new LabCommit(DateTimeOffset.FromUnixTimeMilliseconds(recordTime), stream.Path(recordTime), records));
    }

    /// <summary>By time; the order of simultaneous tuples is the order in which they happened.</summary>
    private static LogRow[] InOrder(List<LogRow> rows)
    {
        // Milliseconds of the minute above, position below, in one number: sorts fast, and is stable.
        const int PositionBits = 32;
        var first = rows.Min(r => r.Milliseconds);
        var keys = new long[rows.Count];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = ((rows[i].Milliseconds - first) << PositionBits) | (uint)i;
        Array.Sort(keys);
        return [.. keys.Select(key => rows[(int)(uint)key])];
    }

    private long Drift(long recordTime) => (recordTime - start) / (5 * Minute);

    /// <summary>The first of the NIC's record times that is far enough behind the tuple.</summary>
    private static long RecordTime(LabNic nic, long milliseconds)
    {
        var earliest = milliseconds + Lag - nic.RecordOffset;
        var minutes = (earliest + Minute - 1) / Minute;
        return (minutes * Minute) + nic.RecordOffset;
    }

    private int StreamOf(LabNic nic, string nsg)
    {
        var key = (format == LogFormat.VnetV4 ? "" : nsg, nic.Mac);
        if (_numbers.TryGetValue(key, out var number))
            return number;

        _streams.Add(new LogStream(format, key.Item1, nic.Mac));
        return _numbers[key] = _streams.Count - 1;
    }
}
