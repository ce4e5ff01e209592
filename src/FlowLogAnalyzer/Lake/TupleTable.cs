using System.Globalization;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Lake;

/// <summary>The table <c>tuples</c>: flow rows by date, and how far every blob was read.</summary>
public sealed class TupleTable
{
    /// <summary>Below the lake's root.</summary>
    public const string Folder = "tuples/";

    private const int FetchesAtOnce = 6;

    internal TupleTable(ILakeStore store, LakeOptions options)
    {
        Delta = new DeltaTable(store, new TableDefinition("tuples", FlowColumns.All) { PartitionColumns = [FlowColumns.Partition], HasPositions = true }, options);
        Writer = new TupleFileWriter(store, options.Time, options.Compression);
        Reader = new TupleFileReader(store);
        Archive = new PositionArchive(store);
    }

    public DeltaTable Delta { get; }

    public TupleFileWriter Writer { get; }

    /// <summary>Reading positions, those of the log and those of dates that are over.</summary>
    public PositionArchive Archive { get; }

    internal TupleFileReader Reader { get; }

    internal ILakeStore Store => Delta.Log.Store;

    public ValueTask<DeltaSnapshot> SnapshotAsync(CancellationToken ct = default) => Delta.SnapshotAsync(ct);

    /// <summary>
    /// The active files, by date and path, of which the statistics do not rule out rows with
    /// <paramref name="since"/> &lt;= time &lt; <paramref name="until"/> (UTC; null = no bound). Files may hold other rows as well.
    /// </summary>
    public async ValueTask<IReadOnlyList<TupleFile>> GetActiveFilesAsync(DateTime? since = null, DateTime? until = null, CancellationToken ct = default)
    {
        var snapshot = await SnapshotAsync(ct);
        var files = new List<TupleFile>();
        foreach (var add in snapshot.Files.Values)
        {
            var facts = FileFacts.Of(add);
            if (facts.MayHoldTime(since, until))
                files.Add(ToFile(add, facts));
        }

        return [.. files.OrderBy(f => f.RelativePath, StringComparer.Ordinal)];
    }

    /// <summary>
    /// As <see cref="GetActiveFilesAsync"/>, and every file has a local path: those of a remote lake that are not on this
    /// machine are fetched, and only those.
    /// </summary>
    public async ValueTask<IReadOnlyList<TupleFile>> GetLocalFilesAsync(DateTime? since = null, DateTime? until = null, CancellationToken ct = default)
    {
        TupleFile[] files = [.. await GetActiveFilesAsync(since, until, ct)];
        await Parallel.ForAsync(0, files.Length, new ParallelOptions { MaxDegreeOfParallelism = FetchesAtOnce, CancellationToken = ct }, async (i, token) =>
        {
            if (files[i].LocalPath is null)
                files[i] = files[i] with { LocalPath = await Store.FetchAsync(Folder + files[i].RelativePath, files[i].Bytes, token) };
        });
        return files;
    }

    internal static string PartitionDate(AddFile file) => file.PartitionValues[FlowColumns.Partition]!;

    private DateOnly Date(AddFile add) =>
        add.PartitionValues.TryGetValue(FlowColumns.Partition, out var text) && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw new InvalidDataException($"The log of '{Delta.Log.Location}' says that the file '{add.Path}' is of the {FlowColumns.Partition} '{text}', where a date such as 2026-01-31 was expected.");

    private TupleFile ToFile(AddFile add, FileFacts facts) => new(
        add.Path,
        Store.LocalPath(Folder + add.Path),
        Date(add),
        facts.Rows ?? 0,
        add.Size,
        facts.MinTime,
        facts.MaxTime);
}
