namespace FlowLogAnalyzer.Lab.Simulation;

/// <summary>Runs what was planned, in order of time; what was planned first comes first at equal times. Times are Unix milliseconds.</summary>
internal sealed class EventLoop
{
    private readonly PriorityQueue<Action, (long Time, long Order)> _queue = new();
    private long _order;

    public EventLoop(long start, long end) => (Start, End, Now) = (start, end, start);

    public long Start { get; }

    public long End { get; }

    public long Now { get; private set; }

    public void At(long time, Action what)
    {
        if (time < End)
            _queue.Enqueue(what, (Math.Max(time, Now), _order++));
    }

    public void After(double seconds, Action what) => At(Now + (long)(seconds * 1000), what);

    /// <summary>Repeats for ever; the delay is asked each time.</summary>
    public void Every(Func<double> seconds, double first, Action what) => After(first, () =>
    {
        what();
        Every(seconds, seconds(), what);
    });

    public void Run(Action<long> onAdvance)
    {
        while (_queue.TryDequeue(out var what, out var key))
        {
            if (key.Time > Now)
                onAdvance(key.Time);
            Now = key.Time;
            what();
        }
    }
}
