using System.Globalization;
using System.Text;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Lake.Erasure;

/// <summary>
/// What earlier versions of the tables left behind of an address: files that wait for a vacuum, bounds in the statistics of the log's entries,
/// old checkpoints. Entries keep their place, with the address taken out: writers count on every one of them being there.
/// </summary>
internal sealed class AddressTraces(FlowLake lake, TimeProvider time)
{
    /// <summary>A younger file that no version knows may be one that an ingest is about to commit.</summary>
    private static readonly TimeSpan OrphanAge = TimeSpan.FromHours(24);

    public async ValueTask<IReadOnlyList<string>> FindAsync(AddressText text, CancellationToken ct)
    {
        var found = new List<string>();
        foreach (var table in await TablesAsync(ct))
            foreach (var file in table.Files)
                if (await HasTraceAsync(table, file, text, ct))
                    found.Add(file.Path);
        return found;
    }

    /// <summary>The newest checkpoint speaks of the table as it is now: when it is there, older ones can go.</summary>
    public async ValueTask EraseAsync(AddressText text, CancellationToken ct)
    {
        foreach (var table in await TablesAsync(ct))
        {
            var doomed = new List<StoredFile>();
            foreach (var file in table.Files)
                if (await HasTraceAsync(table, file, text, ct))
                    doomed.Add(file);
            if (doomed.Any(f => IsCheckpoint(f.Path)))
                await new CheckpointWriter(new DeltaLog(lake.Store, table.Folder, time)).WriteAsync(table.Snapshot, (time.GetUtcNow() - DeltaTable.TombstoneRetention).ToUnixTimeMilliseconds(), ct);
            foreach (var file in doomed)
                await EraseAsync(file, text, ct);
        }
    }

    private async ValueTask EraseAsync(StoredFile file, AddressText text, CancellationToken ct)
    {
        if (DeltaNames.CommitVersion(file.Path) is null)
            await lake.Store.DeleteAsync(file.Path, ct);
        else if (await lake.Store.ReadAllAsync(file.Path, ct) is { } entry)
            await lake.Store.PutAsync(file.Path, Encoding.UTF8.GetBytes(text.Erase(Encoding.UTF8.GetString(entry))), ct);
    }

    private async ValueTask<bool> HasTraceAsync(Table table, StoredFile file, AddressText text, CancellationToken ct)
    {
        if (table.Active.Contains(file.Path))
            return false;
        if (DeltaNames.CommitVersion(file.Path) is not null || file.Path.EndsWith(".crc", StringComparison.Ordinal))
            return text.IsIn(await lake.Store.ReadAllAsync(file.Path, ct) ?? []);
        if (IsCheckpoint(file.Path))
            return await CheckpointHasAsync(table, file.Path, text, ct);
        if (!file.Path.EndsWith(".parquet", StringComparison.Ordinal) || !(table.Removed.Contains(file.Path) || file.LastModified <= time.GetUtcNow() - OrphanAge))
            return false;
        try
        {
            return await FileHasAsync(table, file, text, ct);
        }
        catch (InvalidDataException)
        {
            return true; // nobody needs it, and nobody can say what is in it
        }
    }

    private async ValueTask<bool> FileHasAsync(Table table, StoredFile file, AddressText text, CancellationToken ct)
    {
        if (file.Path.StartsWith(TupleTable.Folder, StringComparison.Ordinal))
            return (await new AddressRows(lake.Tuples, text.Address).CountAsync(new AddFile(file.Path[TupleTable.Folder.Length..], new Dictionary<string, string?>(), file.Length, 0), ct)).Count > 0;

        var isArchive = file.Path.StartsWith(PositionArchive.Folder, StringComparison.Ordinal);
        string[] names = isArchive ? ["position"] : [.. DeltaSchema.Read(table.Snapshot.Metadata!.SchemaJson).Where(c => c.Type == "string").Select(c => c.Name)];
        await using var reader = await ParquetBlockReader.OpenAsync((await lake.Store.OpenReadAsync(file.Path, ct), file.Path), [.. names.Select(n => new Column(n, ColumnType.String, true, ""))], ct);
        for (var group = 0; group < reader.GroupCount; group++)
            if (BlockRows.Read(await reader.ReadAsync(group, ct)).Any(row => row.Any(cell => text.IsIn((string?)cell))))
                return true;
        return false;
    }

    private async ValueTask<bool> CheckpointHasAsync(Table table, string path, AddressText text, CancellationToken ct)
    {
        var version = long.Parse(path.AsSpan(path.LastIndexOf('/') + 1, 20), NumberStyles.None, CultureInfo.InvariantCulture);
        if (version >= table.Snapshot.Version)
            return false;
        if (DeltaNames.CheckpointVersion(path) is null)
            return true; // in parts, by another engine
        var old = await DeltaCheckpoint.ReadAsync(new DeltaLog(lake.Store, table.Folder, time), version, ct);
        return old.Files.Values.Any(f => text.IsIn(f.Stats)) || old.Domains.Values.Any(text.IsIn);
    }

    private static bool IsCheckpoint(string path) => path.Contains(".checkpoint.", StringComparison.Ordinal);

    private async ValueTask<IReadOnlyList<Table>> TablesAsync(CancellationToken ct)
    {
        var files = new List<StoredFile>();
        await foreach (var file in lake.Store.ListAsync("", ct))
            files.Add(file);
        var tables = new List<Table>();
        foreach (var folder in files.Select(f => DeltaNames.TableOf(f.Path)).OfType<string>().Distinct(StringComparer.Ordinal).ToList())
        {
            var snapshot = await new DeltaLog(lake.Store, folder, time).LoadAsync(ct);
            if (snapshot.Exists)
                tables.Add(new Table(folder, snapshot, [.. files.Where(f => f.Path.StartsWith(folder, StringComparison.Ordinal) || (folder == TupleTable.Folder && f.Path.StartsWith(PositionArchive.Folder, StringComparison.Ordinal)))]));
        }

        return tables;
    }

    private sealed record Table(string Folder, DeltaSnapshot Snapshot, IReadOnlyList<StoredFile> Files)
    {
        public HashSet<string> Active { get; } =
            [.. Snapshot.Files.Keys.Select(f => Folder + f), .. PositionArchive.Dates(Snapshot).Select(d => PositionArchive.Of(Snapshot, d)!.Path)];

        public HashSet<string> Removed { get; } = [.. Snapshot.Tombstones.Keys.Select(f => Folder + f)];
    }
}
