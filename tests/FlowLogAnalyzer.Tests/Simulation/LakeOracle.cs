using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet.Reading;

namespace FlowLogAnalyzer.Tests.Simulation;

/// <summary>How much of a blob's newest known generation is in the lake.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BlobProgress(int Generation, int Records) : IComparable<BlobProgress>
{
    public int CompareTo(BlobProgress other) => (Generation, Records).CompareTo((other.Generation, other.Records));
}

/// <summary>
/// Looks at every version of the lake at the moment it comes to be, from the bytes that storage holds, and knows every tuple. It keeps every
/// log entry, so that it also sees what a reader of a cleaned log does not: a hole, or a number that was given twice.
/// </summary>
internal sealed class LakeOracle
{
    private const string Log = TupleTable.Folder + DeltaNames.Folder;
    private readonly SimulatedFiles _files;
    private readonly SimulatedLogs _logs;
    private readonly Dictionary<string, long[]> _rowsOfFiles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _blobs;
    private readonly BlobProgress[] _progress = new BlobProgress[SimulatedLogs.Blobs];
    private readonly TupleFileDecoder _decoder = new();
    private readonly TupleBatchPool _pool = new(1 << 12);

    public LakeOracle(SimulatedFiles files, SimulatedLogs logs)
    {
        (_files, _logs) = (files, logs);
        files.OnNew = OnNew;
        _blobs = Enumerable.Range(0, SimulatedLogs.Blobs).ToDictionary(b => logs.Key(b), b => b, StringComparer.Ordinal);
    }

    public DeltaSnapshot Newest { get; private set; } = DeltaSnapshot.None;

    /// <summary>Rows by version.</summary>
    public List<long[]> Versions { get; } = [];

    public IReadOnlyList<BlobProgress> Progress => _progress;

    public Action<string>? Trace { get; init; }

    /// <summary>Code under test may catch what is thrown in its midst, so the fault is told as well.</summary>
    public required Action<Exception> OnFault { get; init; }

    /// <summary>Rows of active files, by number, in order.</summary>
    public long[] RowsOf(IEnumerable<AddFile> files) => [.. files.SelectMany(f => RowsOf(f.Path)).Order()];

    private void OnNew(string path, byte[] content)
    {
        if (!path.StartsWith(Log, StringComparison.Ordinal) || DeltaNames.CommitVersion(path) is not { } version)
            return;
        Require(version == Newest.Version + 1, $"version {version} was created behind version {Newest.Version}");
        var commit = DeltaJsonReader.Read(content, path);
        foreach (var remove in commit.Removes)
            Require(Newest.Files.ContainsKey(remove.Path), $"version {version} removes '{remove.Path}', which is not active");
        Newest = Newest.Apply(commit);
        var rows = RowsOf(Newest.Files.Values);
        Versions.Add(rows);
        var progress = string.Join(' ', Check(rows));
        Trace?.Invoke($"version {version}: {commit.Operation}, {rows.Length} rows, {progress}");
    }

    private IEnumerable<string> Check(long[] rows)
    {
        for (var i = 1; i < rows.Length; i++)
            Require(rows[i] != rows[i - 1], $"tuple {SimulatedLogs.Of(rows[i])} is there twice");
        var mark = RetentionMark.Of(Newest);
        var byBlob = rows.ToLookup(r => SimulatedLogs.Of(r).Blob);
        for (var blob = 0; blob < SimulatedLogs.Blobs; blob++)
        {
            long[] own = [.. byBlob[blob]];
            if (SimulatedLogs.Date(blob) < mark)
                Require(own.Length == 0, $"{own.Length} rows of blob {blob} are there, of a date that was dropped");
            else
                _progress[blob] = Advanced(blob, own);
            yield return $"{blob}={_progress[blob].Generation}/{_progress[blob].Records}";
        }
    }

    /// <summary>The rows of a blob must be those of the first records of one generation, and never of fewer than before.</summary>
    private BlobProgress Advanced(int blob, long[] rows)
    {
        var before = _progress[blob];
        if (rows.Length == 0)
        {
            Require(before == default, $"all rows of blob {blob} are lost ({before})");
            return before;
        }

        var last = SimulatedLogs.Of(rows[^1]);
        var now = new BlobProgress(last.Generation, last.Record + 1);
        Require(rows.SequenceEqual(SimulatedLogs.Numbers(blob, now.Generation, now.Records)), $"blob {blob} is neither whole nor a beginning of it: {string.Join(' ', rows.Select(SimulatedLogs.Of))}");
        Require(now.CompareTo(before) >= 0, $"blob {blob} goes back from {before} to {now}");
        var domain = BlobPosition.Domain(_logs.Key(blob));
        if (Newest.Domains.TryGetValue(domain, out var text))
        {
            var position = BlobPosition.FromJson(text);
            Require(position.Rows == rows.Length, $"the position of blob {blob} says {position.Rows} rows, and there are {rows.Length}");
            Require(position.Records == now.Records, $"the position of blob {blob} says {position.Records} records, and there are {now.Records}");
        }

        return now;
    }

    private long[] RowsOf(string path)
    {
        if (!_rowsOfFiles.TryGetValue(path, out var rows))
            _rowsOfFiles[path] = rows = Decode(path);
        return rows;
    }

    private long[] Decode(string path)
    {
        var rows = new List<long>();
        using var stream = _files.Open(TupleTable.Folder + path);
        var groups = _decoder.OpenAsync(stream, path, default).AsTask().GetAwaiter().GetResult() ?? throw new SimulationFault($"'{path}' is not one of our files.");
        for (var group = 0; group < groups.Count; group++)
        {
            var batch = _decoder.ReadAsync((stream, path), groups, group, _pool, default).AsTask().GetAwaiter().GetResult();
            for (var row = 0; row < batch.Count; row++)
                rows.Add(Checked(batch, row));
            _pool.Return(batch);
        }

        return [.. rows];
    }

    private long Checked(TupleBatch batch, int row)
    {
        var number = batch.BytesSent[row];
        var (blob, _, record, tuple) = SimulatedLogs.Of(number);
        batch.RecordOf(row, out var of);
        var key = batch.BlobOf(batch.Groups[batch.Group[row]]).Key;
        Require(_blobs.GetValueOrDefault(key, -1) == blob && of.Index == record && batch.TupleIndex[row] == tuple && batch.TimeMs[row] == SimulatedLogs.TimeMs(blob, record, tuple),
            $"tuple {SimulatedLogs.Of(number)} has become another: '{key}', record {of.Index}, tuple {batch.TupleIndex[row]}");
        return number;
    }

    private void Require(bool holds, string otherwise)
    {
        if (holds)
            return;
        var fault = new SimulationFault(otherwise);
        OnFault(fault);
        throw fault;
    }
}
