using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Maintenance;

namespace FlowLogAnalyzer.Tests.Simulation;

/// <summary>
/// Two writers of the same blobs and one job of upkeep, through the real planner and committer, in every order of their looks and commits:
/// every row once, no hole in the log, and nothing that was dropped comes back (docs/decisions, "every order of commits").
/// </summary>
[Collection(nameof(SimulationTests))]
public sealed class CommitProtocolTests(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public void Two_writers_and_a_compaction() => Explore("compact");

    [Fact]
    public void Two_writers_and_an_archive_of_positions() => Explore("archive");

    [Fact(Explicit = true)]
    public void Two_writers_and_a_retention() => Explore("retain");

    [Fact(Explicit = true)]
    public void Two_writers_a_compaction_and_a_retention() => Explore("compact", "retain");

    private void Explore(params string[] upkeep)
    {
        var turns = new Interleavings();
        var runs = 0;
        do
        {
            runs++;
            var failure = Record.Exception(() => new ProtocolRun(turns).Run(upkeep));
            Assert.True(failure is null, $"In the order {turns.Path} (run {runs}): {failure?.Message}");
        }
        while (turns.Next());
        output.WriteLine($"{runs} orders");
        Assert.True(runs > 100, $"Only {runs} orders were tried.");
    }

    private sealed class ProtocolRun
    {
        private readonly SimulatedWorld _world;
        private readonly SimulatedContainer _source;
        private readonly SimulatedFiles _files;
        private readonly LakeOracle _oracle;
        private readonly SimulatedProcess _process;
        private readonly Interleavings _turns;
        private readonly List<string> _trace = [];

        public ProtocolRun(Interleavings turns)
        {
            _turns = turns;
            _world = new SimulatedWorld(1) { OnIdle = turns.Choose };
            var logs = new SimulatedLogs();
            _source = new SimulatedContainer(_world, logs, "logs");
            _files = new SimulatedFiles(() => _world.Now);
            _oracle = new LakeOracle(_files, logs) { OnFault = _world.Fail, Trace = _trace.Add };
            _process = new SimulatedProcess(_world, "P", Hazards.None);
        }

        public void Run(string[] upkeep) => _world.Run(async () =>
        {
            await PrepareAsync();
            await Task.WhenAll(upkeep.Select((verb, i) => UpkeepAsync(i, verb)).Append(IngestAsync(8)).Append(IngestAsync(9)));
            var last = await SimulatedVerbs.IngestAsync(_process, await OpenAsync(_files), [_source]);
            _trace.AddRange(last.Refused.Select(r => r.Message));
            var mark = RetentionMark.Of(_oracle.Newest);
            foreach (var (blob, state) in _source.Now.Where(b => !(SimulatedLogs.Date(b.Key) < mark)))
                if (_oracle.Progress[blob] != new BlobProgress(state.Generation, state.Records))
                    throw new SimulationFault($"blob {blob} ends as {state}, and the lake has {_oracle.Progress[blob]}\n{string.Join('\n', _trace)}");
        });

        /// <summary>Two small files of one date; then one blob has grown, one was written anew, and one is new.</summary>
        private async Task PrepareAsync()
        {
            var lake = await OpenAsync(_files);
            foreach (var records in (int[])[1, 2])
            {
                _source.Write(0, 0, records);
                _source.Write(1, 0, records);
                await SimulatedVerbs.IngestAsync(_process, lake, [_source], commitRows: 1000);
            }

            _source.Write(0, 0, 3);
            _source.Write(1, 1, 2);
            _source.Write(3, 0, 1);
        }

        private async Task IngestAsync(int actor)
        {
            await _turns.TurnAsync(actor);
            await SimulatedVerbs.IngestAsync(_process, await OpenAsync(new Interleavings.Store(_files, _turns, actor)), [_source], commitRows: 1000);
        }

        private async Task UpkeepAsync(int actor, string verb)
        {
            await _turns.TurnAsync(actor);
            var lake = await OpenAsync(new Interleavings.Store(_files, _turns, actor));
            if (verb == "compact")
                await new LakeCompactor(lake, _process.Clock).RunAsync(new CompactOptions { Before = new DateOnly(2027, 1, 1), Workers = 1 });
            else if (verb == "archive")
                await new PositionRetirement(lake, _process.Clock).RunAsync(new DateOnly(2026, 11, 19));
            else
                await new LakeRetention(lake).RunAsync(SimulatedLogs.Date(1), force: true);
        }

        private async Task<FlowLake> OpenAsync(FlowLogAnalyzer.Lake.Storage.ILakeStore store) => await FlowLake.OpenAsync("memory", new LakeOptions
        {
            Time = _process.Clock,
            CheckpointEvery = 1000,
            Pause = new() { First = TimeSpan.Zero, Longest = TimeSpan.Zero, Yield = 0 },
            WrapStore = _ => store,
        });
    }
}
