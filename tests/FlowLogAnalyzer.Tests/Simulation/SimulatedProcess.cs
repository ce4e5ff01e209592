using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Tests.Simulation;

/// <summary>What goes wrong in a world, as chances per request.</summary>
internal sealed record Hazards
{
    public double Fail { get; init; }

    public double Kill { get; init; }

    public double Slow { get; init; }

    /// <summary>That a listing of blobs says what was so before the last write.</summary>
    public double Stale { get; init; } = 0.05;

    /// <summary>How far clocks are wrong at most.</summary>
    public TimeSpan Skew { get; init; }

    public static Hazards None { get; } = new() { Stale = 0 };
}

/// <summary>
/// A process that may be killed: from then on none of its requests is answered and none takes effect, so that not one line of its clean-up
/// runs. Its storage fails, before or after the effect, and is slow.
/// </summary>
internal sealed class SimulatedProcess(SimulatedWorld world, string name, Hazards hazards)
{
    private static readonly TaskCompletionSource Never = new();
    private readonly TaskCompletionSource _killed = new();

    public string Name => name;

    public SimulatedClock Clock { get; } = new(world) { Ahead = hazards.Skew * ((world.Random.NextDouble() * 2) - 1) };

    public Random Random => world.Random;

    public Task Killed => _killed.Task;

    /// <summary>Requests that were made to fail.</summary>
    public int Faults { get; private set; }

    public bool IsStale => Chance(hazards.Stale);

    public bool Chance(double chance) => world.Random.NextDouble() < chance;

    public async ValueTask<FlowLake> OpenAsync(SimulatedFiles files) => await FlowLake.OpenAsync("memory", new LakeOptions
    {
        Time = Clock,
        CheckpointEvery = 1 + Random.Next(5),
        Pause = new() { Share = Random.NextDouble },
        WrapStore = _ => new SimulatedStore(files, this),
    });

    /// <summary>A request that only looks.</summary>
    public async ValueTask<T> RequestAsync<T>(Func<T> effect, CancellationToken ct)
    {
        await TravelAsync(ct);
        if (FaultWithChance("a read fails"))
            throw new IOException("A read failed.");
        var result = effect();
        await TravelAsync(ct);
        return result;
    }

    /// <summary>A request that changes something.</summary>
    public async ValueTask<T> ChangeAsync<T>(Func<T> effect, CancellationToken ct, Action? onKilled = null)
    {
        await TravelAsync(ct);
        if (FaultWithChance("a write fails"))
            throw new IOException("A write failed before it was done.");
        if (Chance(hazards.Kill))
        {
            onKilled?.Invoke();
            await DieAsync();
        }

        var result = effect();
        if (Chance(hazards.Kill))
            await DieAsync();
        await TravelAsync(ct);
        return FaultWithChance("an answer is lost") ? throw new IOException("A write failed after it was done.") : result;
    }

    public bool FaultWithChance(string what)
    {
        if (!Chance(hazards.Fail))
            return false;
        Faults++;
        Trace?.Invoke($"{name}: {what}");
        return true;
    }

    public Action<string>? Trace { get; init; }

    private async Task DieAsync()
    {
        Trace?.Invoke($"{name}: is killed");
        _killed.TrySetResult();
        await Never.Task;
    }

    private async Task TravelAsync(CancellationToken ct)
    {
        var ms = 5 + (25 * Random.NextDouble());
        if (Chance(hazards.Slow))
            ms *= Chance(0.1) ? 50_000 : 400;
        await Task.Delay(TimeSpan.FromMilliseconds(ms), Clock, ct);
        if (Killed.IsCompleted)
            await Never.Task;
    }
}

/// <summary>What no world may show.</summary>
internal sealed class SimulationFault(string message) : Exception(message);
