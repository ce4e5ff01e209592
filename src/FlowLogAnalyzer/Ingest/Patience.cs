namespace FlowLogAnalyzer.Ingest;

/// <summary>How long storage may take, so that one call that never ends does not hold up all the rest.</summary>
public sealed record Patience
{
    /// <summary>One call with all its retries: a page of a listing, a look at a blob, a part of it.</summary>
    public TimeSpan Call { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>One blob, from opening it to its last byte.</summary>
    public TimeSpan Blob { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>A call that takes this long is talked about.</summary>
    public TimeSpan Note { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A source that has not answered so many calls in a row is left alone for the rest of the run.</summary>
    public int MostSilent { get; init; } = 8;

    /// <summary>Told what is waited for; whole sentences.</summary>
    public Action<string>? OnWait { get; init; }
}

/// <summary>Storage did not answer in time: a failure of this blob or this listing, in this run.</summary>
public sealed class StorageSilentException(string message) : IOException(message);

/// <summary>One thing that is waited for: a call, or the calls for one blob.</summary>
internal sealed class Wait(Patience patience, TimeProvider time, string what, CancellationToken ct) : IDisposable
{
    private readonly CancellationTokenSource _call = new(Timeout.InfiniteTimeSpan, time);
    private readonly long _started = time.GetTimestamp();
    private CancellationTokenSource? _either;

    /// <summary>Ends with the run, and when the call has taken too long.</summary>
    public CancellationToken Token => (_either ??= CancellationTokenSource.CreateLinkedTokenSource(ct, _call.Token)).Token;

    /// <summary>Waits for one call.</summary>
    /// <exception cref="StorageSilentException">It took too long.</exception>
    public async ValueTask<T> ForAsync<T>(Func<CancellationToken, ValueTask<T>> call, TimeSpan? inAll = null)
    {
        var left = inAll is { } most ? most - time.GetElapsedTime(_started) : patience.Call;
        var limit = left < patience.Call ? left : patience.Call;
        _call.CancelAfter(limit > TimeSpan.Zero ? limit : TimeSpan.Zero);
        try
        {
            var result = call(Token);
            return result.IsCompleted ? await result : await TalkedAboutAsync(result.AsTask());
        }
        catch (Exception e) when (_call.IsCancellationRequested && !ct.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            throw new StorageSilentException(limit < patience.Call
                ? $"{what} took longer than {inAll!.Value.TotalSeconds:0.###} s (--blob-timeout)."
                : $"{what} was not answered within {limit.TotalSeconds:0.###} s (--call-timeout).");
        }
        finally
        {
            if (!_call.IsCancellationRequested)
                _call.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _either?.Dispose();
        _call.Dispose();
    }

    private async Task<T> TalkedAboutAsync<T>(Task<T> call)
    {
        if (patience.OnWait is not null)
        {
            await ((Task)call).WaitAsync(patience.Note, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!call.IsCompleted)
                patience.OnWait($"Waiting: {what} has not been answered for {patience.Note.TotalSeconds:0} s; up to {patience.Call.TotalSeconds:0} s are given.");
        }

        return await call;
    }
}
