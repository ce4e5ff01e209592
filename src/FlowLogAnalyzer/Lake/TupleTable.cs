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
        Files = new SealedFiles(store);
        Reader = new TupleFileReader(Files);
        Archive = new PositionArchive(store);
    }

    public DeltaTable Delta { get; }

    public TupleFileWriter Writer { get; }

    /// <summary>Reading positions, those of the log and those of dates that are over.</summary>
    public PositionArchive Archive { get; }

    internal TupleFileReader Reader { get; }

    internal SealedFiles Files { get; }

    internal ILakeStore Store => Delta.Log.Store;

    public ValueTask<DeltaSnapshot> SnapshotAsync(CancellationToken ct = default) => Delta.SnapshotAsync(ct);

    /// <summary>
    /// The active files, by date and path, of which the statistics do not rule out rows with
    /// <paramref name="since"/> &lt;= time &lt; <paramref name="until"/> (UTC; null = no bound). Files may hold other rows as well.
    /// </summary>
    public async ValueTask<IReadOnlyList<TupleFile>> GetActiveFilesAsync(DateTime? since = null, DateTime? until = null, CancellationToken ct = default)
    {
        return [.. Chosen(await SnapshotAsync(ct), since, until).Select(f => ToFile(f.Add, f.Facts))];
    }

    /// <summary>
    /// As <see cref="GetActiveFilesAsync"/>, and every file has a local path: those of a remote lake that are not on this
    /// machine are fetched, and only those. All of them are as the log says, size and bytes.
    /// </summary>
    /// <exception cref="InvalidDataException">A file is missing, damaged or another one.</exception>
    public async ValueTask<IReadOnlyList<TupleFile>> GetLocalFilesAsync(DateTime? since = null, DateTime? until = null, CancellationToken ct = default)
    {
        (AddFile Add, FileFacts Facts)[] chosen = [.. Chosen(await SnapshotAsync(ct), since, until)];
        var files = new TupleFile[chosen.Length];
        await Parallel.ForAsync(0, files.Length, new ParallelOptions { MaxDegreeOfParallelism = FetchesAtOnce, CancellationToken = ct }, async (i, token) =>
            files[i] = ToFile(chosen[i].Add, chosen[i].Facts) with { LocalPath = await Files.FetchAsync(FileSeal.Of(Folder, chosen[i].Add), token) });
        return files;
    }

    internal static string PartitionDate(AddFile file) => file.PartitionValues[FlowColumns.Partition]!;

    private DateOnly Date(AddFile add) =>
        add.PartitionValues.TryGetValue(FlowColumns.Partition, out var text) && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw new InvalidDataException($"The log of '{Delta.Log.Location}' says that the file '{add.Path}' is of the {FlowColumns.Partition} '{text}', where a date such as 2026-01-31 was expected.");

    private static IEnumerable<(AddFile Add, FileFacts Facts)> Chosen(DeltaSnapshot snapshot, DateTime? since, DateTime? until) =>
        snapshot.Files.Values.Select(add => (Add: add, Facts: FileFacts.Of(add))).Where(f => f.Facts.MayHoldTime(since, until)).OrderBy(f => f.Add.Path, StringComparer.Ordinal);

    private TupleFile ToFile(AddFile add, FileFacts facts) => new(
        add.Path,
        Store.LocalPath(Folder + add.Path),
        Date(add),
        facts.Rows ?? 0,
        add.Size,
        facts.MinTime,
        facts.MaxTime);
}
