using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace FlowLogAnalyzer.Tests.Simulation;

/// <summary>
/// One thread, and a clock that jumps to the next timer when nothing is left to do. Of the work that is ready a seed picks what goes on,
/// so that the real code runs as many processes would, in any order, and the same again from the same seed.
/// </summary>
internal sealed class SimulatedWorld(int seed) : TaskScheduler
{
    /// <summary>A world that needs more than this does not come to its end.</summary>
    private const int MostSteps = 3_000_000;

    /// <summary>Milliseconds. On a machine with much else to do a thread waits long for its turn.</summary>
    private const int Patience = 5_000;

    private static readonly DateTime Start = new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);
    private readonly Lock _gate = new();
    private readonly List<Task> _ready = [];

    /// <summary>What other threads handed in; it comes behind what this thread had ready, whoever was faster.</summary>
    private readonly List<Task> _foreign = [];
    private readonly PriorityQueue<SimulatedTimer, (long Due, long Number)> _timers = new();
    private Thread? _thread;
    private int _busyBefore;
    private long _number;
    private Exception? _failure;

    /// <summary>Asked when everything waits and no timer is left; true when there is work again.</summary>
    public Func<bool>? OnIdle { get; init; }

    public Random Random { get; } = new(seed);

    public long Ticks { get; private set; }

    /// <summary>How often somebody asked for the time. Names of files begin with it, and no two may be of the same moment: their order would be chance.</summary>
    public int Looks { get; set; }

    public DateTimeOffset Now => new(Start.AddTicks(Ticks), TimeSpan.Zero);

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Work that somebody else's thread has in its hands; there is none between two steps.</summary>
    private static int Busy
    {
        get
        {
            ThreadPool.GetMaxThreads(out var most, out _);
            ThreadPool.GetAvailableThreads(out var free, out _);
            return most - free;
        }
    }

    /// <summary>Runs <paramref name="work"/>, and what it starts, until it has ended.</summary>
    public void Run(Func<Task> work)
    {
        Exception? problem = null;
        _thread = new Thread(() => problem = Record.Exception(() => RunHere(work)));
        _thread.Start();
        _thread.Join();
        if (problem is not null)
            ExceptionDispatchInfo.Throw(problem);
    }

    private void RunHere(Func<Task> work)
    {
        _busyBefore = Busy;
        var task = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();
        for (var step = 0; !task.IsCompleted; step++)
        {
            if (step > MostSteps)
                throw new InvalidOperationException($"After {MostSteps} steps, at {Now:O}, there is still something to do.");
            Step();
            if (_failure is not null)
                throw _failure;
        }

        task.GetAwaiter().GetResult();
    }

    /// <summary>Ends the run.</summary>
    public void Fail(Exception failure) => _failure ??= failure;

    public ITimer CreateTimer(Action fire, TimeSpan due)
    {
        var timer = new SimulatedTimer(this, fire);
        timer.Change(due, Timeout.InfiniteTimeSpan);
        return timer;
    }

    /// <summary>When a timer is to fire.</summary>
    public long Arm(SimulatedTimer timer, TimeSpan due)
    {
        _timers.Enqueue(timer, (Ticks + due.Ticks, ++_number));
        return _number;
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
            (Thread.CurrentThread == _thread ? _ready : _foreign).Add(task);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Thread.CurrentThread == _thread && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;

    private void Step()
    {
        AwaitThePool();
        _busyBefore = Math.Min(_busyBefore, Busy);
        if (TryPick(out var task))
        {
            TryExecuteTask(task);
            return;
        }

        if (!_timers.TryDequeue(out var timer, out var at))
        {
            if (OnIdle?.Invoke() == true)
                return;
            throw new InvalidOperationException($"At {Now:O} everything waits, and for nothing that will come.");
        }

        Ticks = Math.Max(Ticks, at.Due);
        timer.Fire(at.Number);
    }

    private bool TryPick([NotNullWhen(true)] out Task? task)
    {
        lock (_gate)
        {
            _ready.AddRange(_foreign.Count > 1 ? _foreign.OrderBy(NameOf, StringComparer.Ordinal) : _foreign);
            _foreign.Clear();
            task = null;
            if (_ready.Count == 0)
                return false;
            var at = Random.Next(_ready.Count);
            task = _ready[at];
            _ready.RemoveAt(at);
            return true;
        }
    }

    /// <summary>Two threads of the pool may hand in two things in any order. What goes on has a name.</summary>
    private static string NameOf(Task task) => ((task.AsyncState as Delegate)?.Target ?? task.AsyncState)?.GetType().ToString() ?? "";

    /// <summary>A semaphore that is waited for wakes its waiter by the thread pool, which hands it back at once: until then nothing is decided.</summary>
    private void AwaitThePool()
    {
        if (ThreadPool.PendingWorkItemCount == 0 && Busy <= _busyBefore)
            return;
        var patience = new SpinWait();
        var since = Environment.TickCount64;
        while ((ThreadPool.PendingWorkItemCount > 0 || Busy > _busyBefore) && Environment.TickCount64 - since < Patience)
            patience.SpinOnce(sleep1Threshold: 50);
    }
}

/// <summary>A timer of the world's clock.</summary>
internal sealed class SimulatedTimer(SimulatedWorld world, Action fire) : ITimer
{
    private long _armed = -1;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _armed = dueTime == Timeout.InfiniteTimeSpan ? -1 : world.Arm(this, dueTime);
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

/// <summary>A process's clock, which may be wrong about the time of day. How long something takes it knows.</summary>
internal sealed class SimulatedClock(SimulatedWorld world) : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => world.Ticks;

    public override DateTimeOffset GetUtcNow() => world.Now + Ahead + TimeSpan.FromMilliseconds(world.Looks++);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => world.CreateTimer(() => callback(state), dueTime);
}
