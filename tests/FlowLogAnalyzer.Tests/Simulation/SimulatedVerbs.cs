using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Lake.Parquet.Reading;

namespace FlowLogAnalyzer.Tests.Simulation;

/// <summary>Everything that can be done with a lake, with numbers so small that a handful of tuples reaches every limit.</summary>
internal sealed class SimulatedVerbs(LakeOracle oracle, SimulatedContainer logs, SimulatedContainer copy)
{
    /// <summary>False leaves out what is known to go wrong: retention beside an ingest, and copies that lag behind.</summary>
    public static bool All { get; } = Environment.GetEnvironmentVariable("FLOWLOG_TEST_ALL") == "1";

    public (string Name, Func<SimulatedProcess, FlowLake, Task> Run) Any(Random random) => random.Next(14) switch
    {
        < 6 => ("ingest", IngestAsync),
        < 8 => ("compact", CompactAsync),
        8 when All => ("retain", RetainAsync),
        9 => ("vacuum", VacuumAsync),
        < 12 => ("checkpoint", CheckpointAsync),
        _ => ("query", QueryAsync),
    };

    public async Task IngestAsync(SimulatedProcess process, FlowLake lake) =>
        await IngestAsync(process, lake, All ? process.Random.Next(5) switch { 0 => [copy], 1 => [copy, logs], _ => [logs] } : [logs]);

    public static async Task<IngestSummary> IngestAsync(SimulatedProcess process, FlowLake lake, SimulatedContainer[] from, int? commitRows = null)
    {
        var options = new IngestOptions(lake)
        {
            Time = process.Clock,
            Workers = 1 + process.Random.Next(2),
            Encoders = 1,
            CommitRows = commitRows ?? 1 + process.Random.Next(30),
            CommitInterval = TimeSpan.FromSeconds(process.Random.Next(3)),
            SpillRows = commitRows ?? 2 + process.Random.Next(20),
            BatchRows = 2 + process.Random.Next(10),
        };
        return await IngestPipeline.RunAsync(options, [.. from.Select(c => c.As(process))]);
    }

    public async Task CompactAsync(SimulatedProcess process, FlowLake lake)
    {
        var options = new CompactOptions { Before = new DateOnly(2027, 1, 1), TargetRows = 4 + process.Random.Next(60), Workers = 1, FilesPerJob = 1 + process.Random.Next(3) };
        var compactor = new LakeCompactor(lake, process.Clock);
        if (process.Chance(0.5))
            foreach (var job in await compactor.JobsAsync(options))
                await compactor.RunAsync(options with { Job = job.Job });
        else
            await compactor.RunAsync(options);
    }

    public async Task RetainAsync(SimulatedProcess process, FlowLake lake) =>
        await new LakeRetention(lake).RunAsync(SimulatedLogs.Date(0).AddDays(process.Random.Next(SimulatedLogs.Dates)), force: true);

    public async Task VacuumAsync(SimulatedProcess process, FlowLake lake) =>
        await new LakeVacuum(lake, process.Clock).RunAsync(new VacuumOptions { Retention = TimeSpan.FromMinutes(process.Random.Next(3) * 30) });

    public async Task CheckpointAsync(SimulatedProcess process, FlowLake lake) =>
        await new LakeCheckpoint(lake, process.Clock).RunAsync(TimeSpan.FromMinutes(process.Random.Next(3) * 20));

    /// <summary>The rows of the version that a reader takes for the newest must be the rows of that version, or an error.</summary>
    public async Task QueryAsync(SimulatedProcess process, FlowLake lake)
    {
        var snapshot = await lake.Tuples.SnapshotAsync();
        if (!snapshot.Exists)
            return;
        var rows = new List<long>();
        using var decoder = new TupleFileDecoder();
        var pool = new TupleBatchPool(1 << 12);
        foreach (var file in snapshot.Files.Values)
            await foreach (var batch in lake.Tuples.Reader.ReadRowsAsync(file, decoder, pool, default))
                rows.AddRange(batch.BytesSent[..batch.Count]);
        if (!rows.Order().SequenceEqual(oracle.Versions[(int)snapshot.Version]))
            throw new SimulationFault($"A query of version {snapshot.Version} answers {rows.Count} rows, and there are {oracle.Versions[(int)snapshot.Version].Length}.");
    }
}
