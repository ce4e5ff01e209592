using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>Neighbouring rows of one batch.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RowRun(int Batch, int Start, int Length);

/// <summary>
/// The rows of one row group, as the column encoders like them: either runs of neighbouring rows or single ones, and the
/// groups (record, rule) that occur, numbered in the order of their first row.
/// </summary>
internal sealed class RowGroupInput
{
    /// <summary>Shorter runs than this on average cost more than they save.</summary>
    private const int WorthwhileRun = 8;

    private const int RoomStep = 128 * 1024;

    private readonly ColumnSource<int> _groupSource = new(batch => batch.Group);
    private RowRef[] _rows = [];
    private int[]?[] _groupNumbers = [];
    private int[] _seenIn = [];
    private int _generation;

    public int Rows { get; private set; }

    public IReadOnlyList<TupleBatch> Batches { get; private set; } = [];

    /// <summary>All rows as runs, or nothing when they do not lie together.</summary>
    public List<RowRun> Runs { get; } = [];

    /// <summary>All rows, or nothing when <see cref="Runs"/> has them.</summary>
    public ReadOnlySpan<RowRef> LooseRows => Runs.Count > 0 ? [] : _rows.AsSpan(0, Rows);

    public List<(TupleBatch Batch, TupleGroup Group)> Groups { get; } = [];

    /// <summary>Positions in <see cref="Batches"/> of the batches that have rows here.</summary>
    public List<int> UsedBatches { get; } = [];

    /// <summary>The number of each row's group, as runs.</summary>
    public CodeRuns GroupRuns { get; } = new();

    /// <summary>Scratch of the encoders, one number per row.</summary>
    public int[] Codes { get; private set; } = [];

    /// <summary>Scratch of the encoders, one number per row.</summary>
    public long[] Numbers { get; private set; } = [];

    /// <summary>Takes the batches that rows will come from.</summary>
    public void Begin(IReadOnlyList<TupleBatch> batches)
    {
        Batches = batches;
        if (_groupNumbers.Length >= batches.Count)
            return;
        Array.Resize(ref _groupNumbers, Math.Max(batches.Count, _groupNumbers.Length * 2));
        Array.Resize(ref _seenIn, _groupNumbers.Length);
    }

    /// <summary>Lets go of the batches, so that a kept encoder does not keep them alive.</summary>
    public void End()
    {
        Batches = [];
        Groups.Clear();
    }

    public void Load(ReadOnlySpan<RowRef> rows)
    {
        MakeRoom(rows.Length);
        if (_rows.Length < rows.Length)
            _rows = new RowRef[rows.Length];
        rows.CopyTo(_rows);
        var breaks = CheckRows(rows);
        FindRuns(rows, (long)breaks * WorthwhileRun <= rows.Length);
        if (Runs.Count > 0)
            FindGroups();
        else
            FindGroups(rows);
    }

    /// <summary>
    /// Takes the next row group off the front of <paramref name="runs"/>; <paramref name="used"/> rows of the first run are
    /// gone already.
    /// </summary>
    public void Load(ref ReadOnlySpan<RowRun> runs, ref int used, int most)
    {
        Runs.Clear();
        UsedBatches.Clear();
        _generation++;
        var rows = 0;
        while (!runs.IsEmpty && rows < most)
        {
            var (batch, start, length) = runs[0];
            if (start < 0 || length < 0 || start + length > Batches[batch].Count)
                throw new ArgumentOutOfRangeException(nameof(runs), $"Batch {batch} has {Batches[batch].Count} rows; {length} from row {start} on were asked for.");
            if (_seenIn[batch] != _generation)
                UseBatch(batch);
            var take = Math.Min(length - used, most - rows);
            AddRun(new RowRun(batch, start + used, take));
            rows += take;
            used += take;
            if (used < length)
                continue;
            runs = runs[1..];
            used = 0;
        }

        MakeRoom(rows);
        FindGroups();
    }

    /// <summary>An array of at least <paramref name="size"/> numbers, all <paramref name="value"/>.</summary>
    public static void Fill([NotNull] ref int[]? numbers, int size, int value)
    {
        if (numbers is null || numbers.Length < size)
            numbers = new int[Math.Max(size + (size / 2), 64)];
        numbers.AsSpan(0, size).Fill(value);
    }

    /// <summary>Finds the batches in use; returns how often a row does not follow the one before it.</summary>
    private int CheckRows(ReadOnlySpan<RowRef> rows)
    {
        UsedBatches.Clear();
        _generation++;
        var (breaks, last) = (0, default(RowRef));
        foreach (var row in rows)
        {
            if (row.Batch != last.Batch || row.Row != last.Row + 1)
                breaks++;
            last = row;
            if (_seenIn[row.Batch] != _generation)
                UseBatch(row.Batch);
            if ((uint)row.Row >= (uint)Batches[row.Batch].Count)
                throw new ArgumentOutOfRangeException(nameof(rows), $"Batch {row.Batch} has {Batches[row.Batch].Count} rows; row {row.Row} was asked for.");
        }

        return breaks;
    }

    private void MakeRoom(int rows)
    {
        Rows = rows;
        if (Codes.Length >= rows)
            return;
        // Row groups differ in size: not every larger one is to need new arrays.
        var room = rows < RoomStep ? rows + (rows / 4) : (rows + RoomStep) / RoomStep * RoomStep;
        Codes = new int[room];
        Numbers = new long[room];
    }

    private void AddRun(RowRun run)
    {
        if (Runs.Count > 0 && Runs[^1] is var last && last.Batch == run.Batch && last.Start + last.Length == run.Start)
            Runs[^1] = last with { Length = last.Length + run.Length };
        else if (run.Length > 0)
            Runs.Add(run);
    }

    private void UseBatch(int batch)
    {
        _seenIn[batch] = _generation;
        UsedBatches.Add(batch);
        Fill(ref _groupNumbers[batch], Batches[batch].Groups.Count, -1);
    }

    private void FindRuns(ReadOnlySpan<RowRef> rows, bool worthwhile)
    {
        Runs.Clear();
        for (var start = 0; worthwhile && start < rows.Length;)
        {
            var (batch, row) = rows[start];
            var end = start + 1;
            while (end < rows.Length && rows[end].Batch == batch && rows[end].Row == row + end - start)
                end++;
            Runs.Add(new RowRun(batch, row, end - start));
            start = end;
        }
    }

    private void FindGroups(ReadOnlySpan<RowRef> rows)
    {
        Groups.Clear();
        GroupRuns.Clear();
        _groupSource.Begin(this);
        var (number, length) = (-1, 0);
        foreach (var row in rows)
        {
            var group = _groupSource[row];
            var next = _groupNumbers[row.Batch]![group];
            if (next < 0)
                _groupNumbers[row.Batch]![group] = next = AddGroup(Batches[row.Batch], group);
            if (next != number)
            {
                GroupRuns.Add(number, length);
                (number, length) = (next, 0);
            }

            length++;
        }

        GroupRuns.Add(number, length);
        _groupSource.End();
    }

    /// <summary>The groups of <see cref="Runs"/>: equal neighbours are found with vector compares.</summary>
    private void FindGroups()
    {
        Groups.Clear();
        GroupRuns.Clear();
        foreach (var run in Runs)
        {
            var numbers = _groupNumbers[run.Batch]!;
            for (var rest = Batches[run.Batch].Group.AsSpan(run.Start, run.Length); !rest.IsEmpty;)
            {
                var length = rest.IndexOfAnyExcept(rest[0]);
                if (length < 0)
                    length = rest.Length;
                if (numbers[rest[0]] < 0)
                    numbers[rest[0]] = AddGroup(Batches[run.Batch], rest[0]);
                GroupRuns.Add(numbers[rest[0]], length);
                rest = rest[length..];
            }
        }
    }

    private int AddGroup(TupleBatch batch, int group)
    {
        Groups.Add((batch, batch.Groups[group]));
        return Groups.Count - 1;
    }
}
