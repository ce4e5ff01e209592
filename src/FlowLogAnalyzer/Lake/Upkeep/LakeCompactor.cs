using System.Globalization;
using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Files;

namespace FlowLogAnalyzer.Lake.Upkeep;

/// <summary>What a compaction may do.</summary>
public sealed record CompactOptions
{
    /// <summary>Files are merged until they have this many rows; larger files stay as they are. Bounds the memory: about 300 bytes per row.</summary>
    public int TargetRows { get; init; } = 500_000;

    /// <summary>Only dates before this one; null = dates before yesterday, which get hardly any more rows.</summary>
    public DateOnly? Before { get; init; }

    /// <summary>This date alone, whatever <see cref="Before"/> says.</summary>
    public DateOnly? Only { get; init; }
}

/// <summary>What a compaction did.</summary>
public sealed record CompactResult(int FilesBefore, int FilesAfter, long Rows, int Commits, int Conflicts);

/// <summary>
/// Merges small files of a date into sorted larger ones. The rows of the table stay the same: a reader sees the old files
/// or the new one, never both. Safe beside any number of ingests.
/// </summary>
public sealed class LakeCompactor(FlowLake lake, TimeProvider time)
{
    private static readonly int TimeColumn = Index("time");
    private static readonly int RecordTimeColumn = Index("record_time");
    private static readonly int MacColumn = Index("mac");
    private static readonly int BlobColumn = Index("blob");
    private static readonly int RecordColumn = Index("record_index");
    private static readonly int TupleColumn = Index("tuple_index");

    public async ValueTask<CompactResult> RunAsync(CompactOptions options, CancellationToken ct = default)
    {
        var snapshot = await lake.Tuples.SnapshotAsync(ct);
        var (before, after, rows, commits, conflicts) = (0, 0, 0L, 0, 0);
        foreach (var bin in Bins(snapshot, options))
        {
            ct.ThrowIfCancellationRequested();
            if (await MergeAsync(snapshot, bin, ct) is { } result && result.Committed)
            {
                (before, after, rows, commits) = (before + bin.Length, after + 1, rows + bin.Sum(f => FileFacts.Of(f).Rows ?? 0), commits + 1);
                snapshot = result.Snapshot;
            }
            else
            {
                // An ingest has replaced rows in one of the files: the next compaction gets to it.
                conflicts++;
                snapshot = await lake.Tuples.SnapshotAsync(ct);
            }
        }

        return new CompactResult(before, after, rows, commits, conflicts);
    }

    /// <summary>The dates that have something to merge: each can be done by another process.</summary>
    public async ValueTask<IReadOnlyList<DateOnly>> DatesAsync(CompactOptions options, CancellationToken ct = default) =>
        [.. Bins(await lake.Tuples.SnapshotAsync(ct), options).Select(bin => DateOnly.ParseExact(TupleTable.PartitionDate(bin[0]), "yyyy-MM-dd", CultureInfo.InvariantCulture)).Distinct().Order()];

    private IEnumerable<AddFile[]> Bins(DeltaSnapshot snapshot, CompactOptions options)
    {
        var small = snapshot.Files.Values
            .Where(f => IsWanted(TupleTable.PartitionDate(f), options))
            .Select(f => (File: f, Facts: FileFacts.Of(f)))
            .Where(f => f.Facts.Rows < options.TargetRows / 2)
            .GroupBy(f => TupleTable.PartitionDate(f.File))
            .OrderBy(g => g.Key, StringComparer.Ordinal);
        foreach (var date in small)
        {
            var bin = new List<AddFile>();
            var rows = 0L;
            foreach (var (file, facts) in date.OrderBy(f => f.Facts.MinTime).ThenBy(f => f.File.Path, StringComparer.Ordinal))
            {
                if (rows + facts.Rows > options.TargetRows && bin.Count > 0)
                {
                    if (bin.Count > 1)
                        yield return [.. bin];
                    (bin, rows) = ([], 0);
                }

                bin.Add(file);
                rows += facts.Rows ?? 0;
            }

            if (bin.Count > 1)
                yield return [.. bin];
        }
    }

    private bool IsWanted(string date, CompactOptions options)
    {
        if (options.Only is { } only)
            return date == Text(only);
        var yesterday = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-1);
        return string.CompareOrdinal(date, Text(options.Before ?? yesterday)) < 0;
    }

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private async ValueTask<DeltaCommitResult?> MergeAsync(DeltaSnapshot snapshot, AddFile[] bin, CancellationToken ct)
    {
        if (!bin.All(f => snapshot.Files.ContainsKey(f.Path)))
            return null;

        var all = await LoadAsync(bin, ct);
        var merged = await lake.Tuples.Writer.WriteAsync(TupleTable.PartitionDate(bin[0]), SortedAsync(all, ct), ct);
        var change = new DeltaChange("OPTIMIZE") { Adds = [merged], Removes = [.. bin.Select(f => f.Path)], DataChange = false };
        var result = await lake.Tuples.Delta.CommitAsync(snapshot, change, CancellationToken.None);
        if (!result.Committed)
            await lake.Tuples.Writer.DeleteAsync([merged]);
        return result;
    }

    private async ValueTask<ColumnBlock> LoadAsync(AddFile[] bin, CancellationToken ct)
    {
        var all = new ColumnBlock(TupleFileWriter.DataColumns, (int)bin.Sum(f => FileFacts.Of(f).Rows ?? 0));
        foreach (var file in bin)
            await foreach (var block in lake.Tuples.Reader.ReadAsync(file.Path, null, ct))
                all.Append(block, [.. Enumerable.Range(0, block.Count)]);
        return all;
    }

    private static async IAsyncEnumerable<ColumnBlock> SortedAsync(ColumnBlock all, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        int[] order = [.. Enumerable.Range(0, all.Count)];
        Array.Sort(order, (x, y) => Compare(all, x, y));
        for (var start = 0; start < order.Length; start += TupleFileWriter.RowsPerGroup)
        {
            ct.ThrowIfCancellationRequested();
            var count = Math.Min(TupleFileWriter.RowsPerGroup, order.Length - start);
            var block = new ColumnBlock(all.Columns, count);
            block.Append(all, order.AsSpan(start, count));
            yield return block;
        }
    }

    private static int Compare(ColumnBlock all, int x, int y)
    {
        var order = Minute(all, x).CompareTo(Minute(all, y));
        if (order == 0)
            order = string.CompareOrdinal(all.Texts(MacColumn)[x], all.Texts(MacColumn)[y]);
        if (order == 0)
            order = string.CompareOrdinal(all.Texts(BlobColumn)[x], all.Texts(BlobColumn)[y]);
        if (order == 0)
            order = all.Ints(RecordColumn)[x].CompareTo(all.Ints(RecordColumn)[y]);
        return order != 0 ? order : all.Ints(TupleColumn)[x].CompareTo(all.Ints(TupleColumn)[y]);
    }

    private static long Minute(ColumnBlock all, int row)
    {
        var recordTime = all.Longs(RecordTimeColumn)[row];
        return TupleSort.Minute(recordTime == ColumnBlock.NullLong ? null : recordTime, all.Longs(TimeColumn)[row]);
    }

    private static int Index(string name) => TupleFileWriter.DataColumns.Select((c, i) => (c, i)).First(c => c.c.Name == name).i;
}
