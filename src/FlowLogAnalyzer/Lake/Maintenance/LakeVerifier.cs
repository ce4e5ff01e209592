using System.Collections.Concurrent;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>
/// Looks at every file of a lake and at every number in its logs: entries and checkpoints, sizes, digests, checksums, statistics, and the rows of
/// each blob against its reading position. Changes nothing; of a remote lake all active files are fetched anew.
/// </summary>
public sealed class LakeVerifier(FlowLake lake, TimeProvider time)
{
    private const string NoTable = "Put back a copy of the log's files, or read the logs into a new lake: flowlog ingest SOURCE --lake NEW";
    private readonly VerificationReport _report = new();
    private readonly List<string> _notes = [];
    private long _bytes;
    private int _dataFiles;

    /// <param name="workers">Files that are read at the same time.</param>
    /// <param name="ct">Cancels.</param>
    public async ValueTask<LakeVerification> RunAsync(int? workers = null, CancellationToken ct = default)
    {
        var files = new List<StoredFile>();
        await foreach (var file in lake.Store.ListAsync("", ct))
            files.Add(file);
        var logs = files.Where(f => DeltaNames.TableOf(f.Path) is not null && !FolderLakeStore.IsTemporary(f.Path)).ToLookup(f => DeltaNames.TableOf(f.Path)!);
        var (rows, blobs, faults) = (0L, 0, LakeFaults.None);
        foreach (var log in logs.OrderBy(l => l.Key, StringComparer.Ordinal))
        {
            var (snapshot, changes) = await LogAsync(log.Key, [.. log], ct);
            if (snapshot is null)
                continue;
            if (log.Key == TupleTable.Folder)
                (rows, blobs, faults) = await TuplesAsync(snapshot, changes, workers ?? Math.Min(4, Environment.ProcessorCount), ct);
            else
                await SmallAsync(log.Key, snapshot, ct);
        }

        return new LakeVerification
        {
            Tables = logs.Count,
            LogFiles = logs.Sum(l => l.Count()),
            DataFiles = _dataFiles,
            Bytes = _bytes,
            Rows = rows,
            Blobs = blobs,
            Problems = _report.Problems,
            Notes = _notes,
            Faults = faults,
        };
    }

    /// <summary>The newest version; null when the log does not give one.</summary>
    private async ValueTask<(DeltaSnapshot? Snapshot, IReadOnlyList<TableChange> Changes)> LogAsync(string folder, IReadOnlyList<StoredFile> files, CancellationToken ct)
    {
        var log = new DeltaLog(lake.Store, folder, time);
        var verifier = new LogVerifier(log, _report);
        await verifier.RunAsync(files, ct);
        try
        {
            var snapshot = await log.LoadAsync(ct);
            if (files.Select(f => DeltaNames.CommitVersion(f.Path)).Max() > snapshot.Version)
                _report.Add(LakeProblemKind.Log, folder + DeltaNames.Commit(snapshot.Version + 1), "", $"The log breaks off: there are entries behind version {snapshot.Version}, and the next one is missing.", NoTable);
            return (snapshot.Exists ? snapshot : null, verifier.Changes);
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException)
        {
            _report.Add(LakeProblemKind.Log, folder + DeltaNames.Folder, "", e.Message, NoTable);
            return (null, []);
        }
    }

    private async ValueTask<(long Rows, int Blobs, LakeFaults Faults)> TuplesAsync(DeltaSnapshot snapshot, IReadOnlyList<TableChange> changes, int workers, CancellationToken ct)
    {
        using var verifier = new TupleFileVerifier(lake.Tuples, _report);
        var (found, unusable) = (new Dictionary<string, BlobRows>(StringComparer.Ordinal), new ConcurrentBag<AddFile>());
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = ct };
        foreach (var date in snapshot.Files.Values.GroupBy(TupleTable.PartitionDate).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            // Rows that are there twice are of the same date: only one date's rows are remembered at a time.
            var rows = new Dictionary<string, RowSet>(StringComparer.Ordinal);
            await Parallel.ForEachAsync(date.OrderBy(f => f.Path, StringComparer.Ordinal), parallel, async (file, token) =>
            {
                if (await verifier.RunAsync(file, token) is { } blobs)
                    Sum(rows, blobs, file);
                else
                    unusable.Add(file);
            });
            foreach (var (blob, set) in rows)
                found[blob] = new BlobRows(found.GetValueOrDefault(blob).Rows + set.Rows, found.GetValueOrDefault(blob).Twice + set.Twice);
        }

        var (positions, dates) = await PositionsAsync(snapshot, ct);
        var balance = new BlobBalance(snapshot, changes, _report) { Unusable = [.. unusable], DatesWithoutPositions = dates };
        var count = balance.Run(found, positions);
        _notes.AddRange(balance.Notes);
        if (positions.Values.Count(p => p.ReadAgain) is > 0 and var waiting)
            _notes.Add($"{waiting} blobs wait to be read again: flowlog ingest SOURCE");
        var wrong = _report.Problems.Where(p => p.Kind == LakeProblemKind.Statistics && p.File.Length > 0).Select(p => p.File[TupleTable.Folder.Length..]).Distinct(StringComparer.Ordinal);
        var faults = new LakeFaults(snapshot.Version, [.. unusable.Select(f => f.Path).Order(StringComparer.Ordinal)], [.. wrong], balance.ReadAgain);
        return (found.Values.Sum(r => r.Rows), count, faults);
    }

    private void Sum(Dictionary<string, RowSet> all, IReadOnlyDictionary<string, RowSet> blobs, AddFile file)
    {
        lock (all)
        {
            _bytes += file.Size;
            _dataFiles++;
            foreach (var (blob, set) in blobs)
            {
                if (all.TryGetValue(blob, out var known))
                    known.Add(set);
                else
                    all[blob] = set;
            }
        }
    }

    private async ValueTask<(IReadOnlyDictionary<string, BlobPosition> Positions, IReadOnlySet<DateOnly> Unreadable)> PositionsAsync(DeltaSnapshot snapshot, CancellationToken ct)
    {
        var (positions, unreadable) = (new Dictionary<string, BlobPosition>(StringComparer.Ordinal), new HashSet<DateOnly>());
        foreach (var (domain, text) in snapshot.Domains.Where(d => d.Key.StartsWith(BlobPosition.DomainPrefix, StringComparison.Ordinal)))
            Take(domain[BlobPosition.DomainPrefix.Length..], text);
        foreach (var date in PositionArchive.Dates(snapshot))
        {
            try
            {
                foreach (var (blob, text) in await new PositionArchive(lake.Store).LoadAsync(PositionArchive.Of(snapshot, date), ct))
                    Take(blob, text);
            }
            catch (InvalidDataException e)
            {
                unreadable.Add(date);
                _report.Add(LakeProblemKind.Positions, PositionArchive.Of(snapshot, date)!.Path, "", e.Message, "Put back a copy of the file; without it, blobs of that date would be read again from their beginning.");
            }
        }

        return (positions, unreadable);

        void Take(string blob, string text)
        {
            try
            {
                positions.TryAdd(blob, BlobPosition.FromJson(text));
            }
            catch (InvalidDataException e)
            {
                _report.Add(LakeProblemKind.Positions, "tuples/" + DeltaNames.Folder, blob, e.Message, "flowlog lake repair");
            }
        }
    }

    /// <summary>Any other table: its files are as the log says, and can be read.</summary>
    private async ValueTask SmallAsync(string folder, DeltaSnapshot snapshot, CancellationToken ct)
    {
        var files = new SealedFiles(lake.Store);
        foreach (var file in snapshot.Files.Values.OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            var next = folder == "inventory/" ? "Put back a copy of the file, or drop it and import again: flowlog lake repair; flowlog inventory import PATH" : "Put back a copy of the file, or drop it: flowlog lake repair";
            if (await files.FindFaultAsync(FileSeal.Of(folder, file), ct) is { } fault)
                _report.Add(LakeProblemKind.DataFile, folder + file.Path, "", $"The file {fault}.", next);
            else if (await UnreadableAsync(files, FileSeal.Of(folder, file), snapshot, ct) is { } damage)
                _report.Add(LakeProblemKind.DataFile, folder + file.Path, "", damage, next);
            else
                (_bytes, _dataFiles) = (_bytes + file.Size, _dataFiles + 1);
        }
    }

    private static async ValueTask<string?> UnreadableAsync(SealedFiles files, FileSeal seal, DeltaSnapshot snapshot, CancellationToken ct)
    {
        Column[] columns = [.. DeltaSchema.Read(snapshot.Metadata!.SchemaJson).Where(c => c.Type == "string").Select(c => new Column(c.Name, ColumnType.String, c.Nullable, ""))];
        try
        {
            await using var reader = await ParquetBlockReader.OpenAsync((await files.OpenAsync(seal, ct), seal.Path), columns, ct);
            for (var group = 0; group < reader.GroupCount; group++)
                await reader.ReadAsync(group, ct);
            return null;
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }
}
