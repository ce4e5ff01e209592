using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>Neighbouring rows of one batch.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RowRun(TupleBatch Batch, int BatchIndex, int Start, int Length);

/// <summary>
/// The rows of one row group, as the column encoders like them: runs of neighbouring rows, and the groups (record, rule)
/// that occur, numbered in the order of their first row.
/// </summary>
internal sealed class RowGroupInput
{
    private readonly List<RowRun> _runs = [];
    private readonly List<(TupleBatch Batch, TupleGroup Group)> _groups = [];
    private readonly List<int> _usedBatches = [];
    private int[]?[] _groupNumbers = [];
    private int[] _seenIn = [];
    private int _generation;

    public int Rows { get; private set; }

    public IReadOnlyList<TupleBatch> Batches { get; private set; } = [];

    public List<RowRun> Runs => _runs;

    public List<(TupleBatch Batch, TupleGroup Group)> Groups => _groups;

    /// <summary>Positions in <see cref="Batches"/> of the batches that have rows here.</summary>
    public List<int> UsedBatches => _usedBatches;

    /// <summary>The number of each row's group, as runs.</summary>
    public CodeRuns GroupRuns { get; } = new();

    /// <summary>Scratch of the encoders, one number per row.</summary>
    public int[] Codes { get; private set; } = [];

    /// <summary>Scratch of the encoders, one number per row.</summary>
    public long[] Numbers { get; private set; } = [];

    /// <summary>Starts a file.</summary>
    public void Begin(IReadOnlyList<TupleBatch> batches)
    {
        Batches = batches;
        if (_groupNumbers.Length < batches.Count)
        {
            Array.Resize(ref _groupNumbers, Math.Max(batches.Count, _groupNumbers.Length * 2));
            Array.Resize(ref _seenIn, _groupNumbers.Length);
        }
    }

    /// <summary>Lets go of the batches, so that a kept encoder does not keep them alive.</summary>
    public void End()
    {
        Batches = [];
        _runs.Clear();
        _groups.Clear();
    }

    public void Load(ReadOnlySpan<RowRef> rows)
    {
        Rows = rows.Length;
        if (Codes.Length < rows.Length)
        {
            Codes = new int[rows.Length];
            Numbers = new long[rows.Length];
        }

        FindRuns(rows);
        FindGroups();
    }

    private void FindRuns(ReadOnlySpan<RowRef> rows)
    {
        _runs.Clear();
        for (var start = 0; start < rows.Length;)
        {
            var (batch, row) = rows[start];
            var end = start + 1;
            while (end < rows.Length && rows[end].Batch == batch && rows[end].Row == row + end - start)
                end++;
            if ((uint)row > (uint)(Batches[batch].Count - (end - start)))
                throw new ArgumentOutOfRangeException(nameof(rows), $"Batch {batch} has {Batches[batch].Count} rows; row {row + end - start - 1} was asked for.");
            _runs.Add(new RowRun(Batches[batch], batch, row, end - start));
            start = end;
        }
    }

    private void FindGroups()
    {
        _groups.Clear();
        GroupRuns.Clear();
        ClearNumbers();
        foreach (var run in _runs)
        {
            var numbers = _groupNumbers[run.BatchIndex]!;
            for (var rest = run.Batch.Group.AsSpan(run.Start, run.Length); !rest.IsEmpty;)
            {
                var group = rest[0];
                var length = rest.IndexOfAnyExcept(group);
                if (length < 0)
                    length = rest.Length;
                if (numbers[group] < 0)
                {
                    numbers[group] = _groups.Count;
                    _groups.Add((run.Batch, run.Batch.Groups[group]));
                }

                GroupRuns.Add(numbers[group], length);
                rest = rest[length..];
            }
        }
    }

    private void ClearNumbers()
    {
        _usedBatches.Clear();
        _generation++;
        foreach (var run in _runs)
        {
            if (_seenIn[run.BatchIndex] == _generation)
                continue;
            _seenIn[run.BatchIndex] = _generation;
            _usedBatches.Add(run.BatchIndex);
            Reset(ref _groupNumbers[run.BatchIndex], run.Batch.Groups.Count);
        }
    }

    /// <summary>An array of at least <paramref name="size"/> numbers, all -1.</summary>
    public static void Reset([NotNull] ref int[]? numbers, int size)
    {
        if (numbers is null || numbers.Length < size)
            numbers = new int[Math.Max(size, 64)];
        numbers.AsSpan(0, size).Fill(-1);
    }
}
