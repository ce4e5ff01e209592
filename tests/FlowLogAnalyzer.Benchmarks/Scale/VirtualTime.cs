namespace FlowLogAnalyzer.Benchmarks.Scale;

/// <summary>
/// A clock that jumps to the next timer as soon as nothing is left to do, and the one thread on which everything runs: real
/// code over simulated latencies, with the same result on any machine under any load. Computing takes no time.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly PriorityQueue<VirtualTimer, (long Due, long Number)> _timers = new();
    private readonly Queue<(SendOrPostCallback Run, object? State)> _ready = new();
    private long _now;
    private long _number;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Elapsed => TimeSpan.FromTicks(_now);

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => new(new DateTime(2026, 11, 20, 0, 0, 0, DateTimeKind.Utc).AddTicks(_now), TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs <paramref name="work"/> and everything that it starts, until it has ended.</summary>
    public void Run(Func<Task> work)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Context(this));
        try
        {
            var task = work();
            while (!task.IsCompleted)
            {
                if (_ready.TryDequeue(out var next))
                    next.Run(next.State);
                else if (_timers.TryDequeue(out var timer, out var due))
                    Advance(timer, due);
                else
                    throw new InvalidOperationException("Everything waits, and for nothing that this clock knows.");
            }

            task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private void Advance(VirtualTimer timer, (long Due, long Number) at)
    {
        _now = Math.Max(_now, at.Due);
        timer.Fire(at.Number);
    }

    private sealed class Context(VirtualTime time) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => time._ready.Enqueue((d, state));
    }

    private sealed class VirtualTimer(VirtualTime time, Action fire) : ITimer
    {
        private long _armed = -1;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _armed = -1;
            if (dueTime == Timeout.InfiniteTimeSpan)
                return true;
            _armed = time._number++;
            time._timers.Enqueue(this, (time._now + dueTime.Ticks, _armed));
            return true;
        }

        /// <summary>Does nothing when it was changed or disposed since.</summary>
        public void Fire(long number)
        {
            if (number != _armed)
                return;
            _armed = -1;
            fire();
        }

        public void Dispose() => _armed = -1;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
