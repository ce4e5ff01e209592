using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Lake;

/// <summary>
/// A table that fits in memory: inventory documents, findings, the ledger. Cells are <c>string</c>, <c>short</c>,
/// <c>int</c>, <c>long</c>, <c>bool</c>, <c>DateOnly</c>, <c>DateTime</c> (UTC) or null, as the column's type says.
/// </summary>
public sealed class SmallTable
{
    private readonly ILakeStore _store;
    private readonly SealedFiles _files;
    private readonly LakeOptions _options;
    private readonly DeltaTable _delta;

    internal SmallTable(ILakeStore store, string name, IReadOnlyList<Column> columns, LakeOptions options)
    {
        Name = name;
        Columns = columns;
        _store = store;
        _files = new SealedFiles(store);
        _options = options;
        _delta = new DeltaTable(store, new TableDefinition(name, columns), options);
    }

    public string Name { get; }

    public IReadOnlyList<Column> Columns { get; }

    public ValueTask<DeltaSnapshot> SnapshotAsync(CancellationToken ct = default) => _delta.SnapshotAsync(ct);

    /// <summary>Adds rows in one commit.</summary>
    public ValueTask AppendAsync(IReadOnlyList<object?[]> rows, CancellationToken ct = default) => WriteAsync(rows, replace: false, ct);

    /// <summary>Replaces all rows in one commit.</summary>
    public ValueTask ReplaceAsync(IReadOnlyList<object?[]> rows, CancellationToken ct = default) => WriteAsync(rows, replace: true, ct);

    /// <summary>All rows, in the order of the files' names and of the rows in them; none when the table does not exist.</summary>
    public async ValueTask<IReadOnlyList<object?[]>> ReadAllAsync(CancellationToken ct = default)
    {
        var snapshot = await _delta.SnapshotAsync(ct);
        var rows = new List<object?[]>();
        foreach (var file in snapshot.Files.Values.OrderBy(f => f.Path, StringComparer.Ordinal))
            rows.AddRange(await ReadAsync(file, ct));
        return rows;
    }

    private async ValueTask<IReadOnlyList<object?[]>> ReadAsync(AddFile file, CancellationToken ct)
    {
        var (seal, rows) = (FileSeal.Of(_delta.Log.Folder, file), new List<object?[]>());
        await using var reader = await ParquetBlockReader.OpenAsync((await _files.OpenAsync(seal, ct), seal.Path), Columns, ct);
        for (var g = 0; g < reader.GroupCount; g++)
            rows.AddRange(BlockRows.Read(await reader.ReadAsync(g, ct)));
        return rows;
    }

    /// <summary>Changes rows, or takes them out (null), in one commit; rows that others add meanwhile are seen as well.</summary>
    internal async ValueTask RewriteAsync(string operation, Func<object?[], object?[]?> change, CancellationToken ct)
    {
        var snapshot = await _delta.SnapshotAsync(ct);
        while (snapshot.Exists)
        {
            var (removes, adds) = (new List<string>(), new List<AddFile>());
            foreach (var file in snapshot.Files.Values.OrderBy(f => f.Path, StringComparer.Ordinal))
            {
                var before = await ReadAsync(file, ct);
                object?[][] after = [.. before.Select(change).OfType<object?[]>()];
                if (after.Length == before.Count && after.Zip(before).All(r => ReferenceEquals(r.First, r.Second)))
                    continue;
                removes.Add(file.Path);
                if (after.Length > 0)
                    adds.Add(await WriteFileAsync(after, ct));
            }

            if (removes.Count == 0)
                return;
            var result = await _delta.CommitAsync(snapshot, new DeltaChange(operation) { Adds = adds, Removes = removes }, ct);
            if (result.Committed)
                return;
            foreach (var file in adds)
                await _store.DeleteAsync(_delta.Log.Folder + file.Path, ct);
            snapshot = result.Snapshot;
        }
    }

    private async ValueTask WriteAsync(IReadOnlyList<object?[]> rows, bool replace, CancellationToken ct)
    {
        var snapshot = await _delta.EnsureAsync(ct);
        AddFile[] adds = rows.Count == 0 ? [] : [await WriteFileAsync(rows, ct)];
        while (true)
        {
            string[] removes = replace ? [.. snapshot.Files.Keys] : [];
            if (adds.Length + removes.Length == 0)
                return;

            var change = new DeltaChange(replace ? "REPLACE" : "WRITE") { Adds = adds, Removes = removes, Parameters = new Dictionary<string, string> { ["mode"] = replace ? "Overwrite" : "Append" } };
            var result = await _delta.CommitAsync(snapshot, change, ct);
            if (result.Committed)
                return;

            // Somebody else replaced the rows first: what is replaced now is theirs.
            snapshot = result.Snapshot;
        }
    }

    private async ValueTask<AddFile> WriteFileAsync(IReadOnlyList<object?[]> rows, CancellationToken ct)
    {
        var block = BlockRows.Write(Columns, rows);
        var statistics = new FileStatistics(Columns);
        statistics.Add(block);
        var now = _options.Time.GetUtcNow();
        var path = $"part-{Guid.CreateVersion7(now):N}.parquet";
        var digest = "";
        var size = await _store.WriteNewAsync(_delta.Log.Folder + path, async (stream, token) =>
        {
            await using var hashed = new DigestStream(stream);
            await using (var writer = await ParquetBlockWriter.CreateAsync(hashed, Columns, _options.Compression, token))
                await writer.WriteAsync(block, token);
            digest = hashed.Digest;
        }, ct);
        return new AddFile(path, new Dictionary<string, string?>(), size, now.ToUnixTimeMilliseconds()) { Stats = statistics.ToJson(), Tags = FileDigest.Tags(digest) };
    }
}
