using System.Globalization;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Maintenance;

namespace FlowLogAnalyzer.Tests.Simulation;

/// <summary>
/// A few processes that do everything with one lake at the same time while blobs grow, and then a quiet hour in which what was left over is
/// taken up again. The seed says what happens, when, and what goes wrong.
/// </summary>
internal sealed class SimulatedRun
{
    private readonly SimulatedWorld _world;
    private readonly SimulatedLogs _logs = new();
    private readonly SimulatedContainer _source;
    private readonly SimulatedContainer _copy;
    private readonly SimulatedFiles _files;
    private readonly LakeOracle _oracle;
    private readonly SimulatedVerbs _verbs;
    private readonly Hazards _hazards;
    private readonly List<string> _trace = [];

    public SimulatedRun(int seed)
    {
        _world = new SimulatedWorld(seed);
        _source = new SimulatedContainer(_world, _logs, "logs");
        _copy = new SimulatedContainer(_world, _logs, "copy");
        _files = new SimulatedFiles(() => _world.Now);
        _oracle = new LakeOracle(_files, _logs) { Trace = Tell, OnFault = _world.Fail };
        _verbs = new SimulatedVerbs(_oracle, _source, _copy);
        _hazards = Weather(_world.Random);
    }

    /// <summary>What happened, a line each.</summary>
    public IReadOnlyList<string> Trace => _trace;

    /// <summary>Runs to the end, or throws what went wrong.</summary>
    public void Run()
    {
        Tell(string.Create(CultureInfo.InvariantCulture, $"weather: {_hazards}"));
        _world.Run(async () =>
        {
            var actors = Enumerable.Range(0, 2 + _world.Random.Next(3)).Select(ActAsync).Append(WriteLogsAsync()).ToList();
            await Task.WhenAll(actors);
            await RecoverAsync();
        });
    }

    private static Hazards Weather(Random random) => random.Next(4) switch
    {
        0 => new Hazards(),
        1 => new Hazards { Fail = 0.01 },
        2 => new Hazards { Kill = 0.02, Slow = 0.05, Skew = TimeSpan.FromMinutes(2) },
        _ => new Hazards { Fail = 0.02, Kill = 0.01, Slow = 0.1, Skew = TimeSpan.FromMinutes(2) },
    };

    private void Tell(string what) => _trace.Add(string.Create(CultureInfo.InvariantCulture, $"{_world.Now:dd HH:mm:ss.fff} {what}"));

    /// <summary>Processes one after the other, each for some verbs: one that is killed is followed by another.</summary>
    private async Task ActAsync(int actor)
    {
        var verbs = 3 + _world.Random.Next(5);
        for (var number = 1; verbs > 0; number++)
        {
            var process = new SimulatedProcess(_world, string.Create(CultureInfo.InvariantCulture, $"{(char)('A' + actor)}{number}"), _hazards) { Trace = Tell };
            var lake = await process.OpenAsync(_files);
            for (var i = 1 + _world.Random.Next(3); i > 0 && verbs > 0 && !process.Killed.IsCompleted; i--, verbs--)
            {
                await PauseAsync();
                await DoAsync(process, lake);
            }
        }
    }

    private async Task DoAsync(SimulatedProcess process, FlowLake lake)
    {
        var (name, run) = _verbs.Any(_world.Random);
        Tell($"{process.Name}: {name} begins");
        var verb = run(process, lake);
        await Task.WhenAny(verb, process.Killed);
        if (!verb.IsCompleted)
            return;
        Tell($"{process.Name}: {name} {(verb.Exception is { } e ? "fails: " + e.InnerException!.Message : "ends")}");
        if (verb.Exception?.InnerException is { } problem && problem is not (IOException or InvalidDataException))
            throw new SimulationFault($"{name} ends in {problem}");
    }

    private Task PauseAsync() => Task.Delay(
        _world.Random.Next(10) switch { 0 => TimeSpan.FromMinutes(_world.Random.Next(200)), < 4 => TimeSpan.FromSeconds(_world.Random.Next(100)), _ => TimeSpan.FromMilliseconds(_world.Random.Next(300)) },
        new SimulatedClock(_world));

    private async Task WriteLogsAsync()
    {
        var random = _world.Random;
        for (var i = 10 + random.Next(20); i > 0; i--)
        {
            WriteOne(random.Next(SimulatedLogs.Blobs), random);
            await PauseAsync();
        }
    }

    private void WriteOne(int blob, Random random)
    {
        if (_source.Find(blob) is not { } now)
        {
            _source.Write(blob, 0, 1 + random.Next(3));
            return;
        }

        switch (random.Next(10))
        {
            case 0 when now.Generation < 9:
                _source.Write(blob, now.Generation + 1, 1 + random.Next(now.Records + 2));
                break;
            case 1:
                _source.Write(blob, now.Generation, now.Records); // its metadata, say
                break;
            case 2:
                _source.Write(blob, now.Generation, now.Records + 1, cut: 1 + random.Next(100));
                break;
            case 3 or 4:
                foreach (var (copied, state) in _source.Now)
                    _copy.Write(copied, state.Generation, state.Records, state.Cut);
                break;
            default:
                _source.Write(blob, now.Generation, Math.Min(now.Records + 1 + random.Next(2), 50));
                break;
        }
    }

    /// <summary>Nothing fails any more, every blob has been written to its end, and ingest runs until it has nothing left to do.</summary>
    private async Task RecoverAsync()
    {
        foreach (var (blob, state) in _source.Now.ToList())
            _source.Write(blob, state.Generation, state.Records);
        await Task.Delay(TimeSpan.FromMinutes(30), new SimulatedClock(_world));
        Tell("the quiet hour");
        var process = new SimulatedProcess(_world, "last", Hazards.None) { Trace = Tell };
        var lake = await process.OpenAsync(_files);
        var first = await SimulatedVerbs.IngestAsync(process, lake, [_source]);
        Require(first.Blobs.Failed == 0, "the last ingest fails: " + string.Join(' ', first.Refused.Select(r => r.Message)));
        CheckEnd();
        await _verbs.CompactAsync(process, lake);
        await _verbs.CheckpointAsync(process, lake);
        await new LakeVacuum(lake, process.Clock).RunAsync(new VacuumOptions { Retention = TimeSpan.Zero });
        lake = await process.OpenAsync(_files);
        await _verbs.QueryAsync(process, lake);
        var again = await SimulatedVerbs.IngestAsync(process, lake, [_source]);
        Require(again.Blobs.Failed == 0, $"the same blobs are read again: {again.Blobs}");
        CheckEnd();
    }

    private void CheckEnd()
    {
        var mark = RetentionMark.Of(_oracle.Newest);
        foreach (var (blob, state) in _source.Now.Where(b => !(SimulatedLogs.Date(b.Key) < mark)))
            Require(_oracle.Progress[blob] == new BlobProgress(state.Generation, state.Records), $"blob {blob} ends as {state}, and the lake has {_oracle.Progress[blob]}");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new SimulationFault(otherwise);
    }
}
