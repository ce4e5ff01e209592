using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Lake.Parquet.Reading;

namespace FlowLogAnalyzer.Tests.Simulation;

/// <summary>
/// A small lake with every kind of file: commits, checkpoints and the hint to the last of them, data files that were written, merged and
/// written anew, archives of positions, and a table beside the tuples. One of its files is damaged, and then it is read.
/// </summary>
internal sealed class DamagedLake
{
    private static readonly Column[] Columns = [new("text", ColumnType.String, false, "A note.")];
    private readonly SortedDictionary<string, byte[]> _whole = new(StringComparer.Ordinal);

    private DamagedLake(SimulatedFiles files)
    {
        foreach (var file in files.List(""))
            _whole[file.Path] = files.Read(file.Path)!;
    }

    public IReadOnlyDictionary<string, byte[]> Files => _whole;

    public static async Task<DamagedLake> MakeAsync()
    {
        var world = new SimulatedWorld(1);
        var logs = new SimulatedLogs();
        var container = new SimulatedContainer(world, logs, "logs");
        var files = new SimulatedFiles(() => world.Now);
        var process = new SimulatedProcess(world, "maker", Hazards.None);
        world.Run(async () =>
        {
            var lake = await OpenAsync(files);
            for (var step = 1; step <= 3; step++)
            {
                for (var blob = 0; blob < SimulatedLogs.Blobs; blob++)
                    container.Write(blob, blob == 1 && step == 3 ? 1 : 0, step * 2);
                await SimulatedVerbs.IngestAsync(process, lake, [container]);
                await lake.Table("notes", Columns).AppendAsync([[$"note {step}"]]);
                if (step == 2)
                    await new LakeCompactor(lake, process.Clock).RunAsync(new CompactOptions { Before = new DateOnly(2026, 11, 19), Workers = 1 });
                if (step == 2)
                    await new LakeCheckpoint(lake, process.Clock).RunAsync(TimeSpan.FromDays(7));
            }

            await new PositionRetirement(lake, process.Clock).RunAsync(new DateOnly(2026, 11, 20));
        });
        await Task.CompletedTask;
        return new DamagedLake(files);
    }

    /// <summary>What is in the lake when <paramref name="path"/> has other bytes, or is not there (null): rows, positions and notes as text.</summary>
    public async Task<string> ReadAsync(string? path, byte[]? content)
    {
        var files = new SimulatedFiles(() => default);
        foreach (var (name, bytes) in _whole)
            if (name != path || content is not null)
                files.Set(name, name == path ? content! : bytes);
        var lake = await OpenAsync(files);
        var snapshot = await lake.Tuples.Archive.RecallAsync(await lake.Tuples.SnapshotAsync());
        var rows = new List<string>();
        using var decoder = new TupleFileDecoder();
        foreach (var file in snapshot.Files.Values)
            await foreach (var batch in lake.Tuples.Reader.ReadRowsAsync(file, decoder, new TupleBatchPool(1 << 12), default))
                rows.AddRange(Lake.FileEncoding.ExpectedRows.Of(batch).Select(r => string.Join(',', r)));
        var notes = await lake.Table("notes", Columns).ReadAllAsync();
        return string.Join('\n', rows.Order(StringComparer.Ordinal).Concat(snapshot.Domains.Where(d => d.Key.StartsWith(BlobPosition.DomainPrefix, StringComparison.Ordinal)).Select(d => d.Key + d.Value).Order(StringComparer.Ordinal)).Concat(notes.Select(n => (string)n[0]!).Order(StringComparer.Ordinal)));
    }

    private static async Task<FlowLake> OpenAsync(SimulatedFiles files) =>
        await FlowLake.OpenAsync("memory", new LakeOptions { WrapStore = _ => files, CheckpointEvery = 4 });
}
