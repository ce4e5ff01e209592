using System.Diagnostics;

namespace FlowLogAnalyzer.Query;

/// <summary>A query or a table of a check, and what it cost.</summary>
/// <param name="Name">The finding's id, or what was computed.</param>
/// <param name="Elapsed">Time on the clock.</param>
/// <param name="Processor">Processor time of the whole process meanwhile, all threads.</param>
public sealed record CheckStep(string Name, TimeSpan Elapsed, TimeSpan Processor);

/// <summary>Notes what each step of a check costs.</summary>
internal sealed class StepClock
{
    private readonly List<CheckStep> _steps = [];

    public IReadOnlyList<CheckStep> Steps => _steps;

    public T Time<T>(string name, Func<T> step)
    {
        var (start, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var result = step();
        _steps.Add(new CheckStep(name, Stopwatch.GetElapsedTime(start), Environment.CpuUsage.TotalTime - processor));
        return result;
    }

    public void Time(string name, Action step) => Time(name, () =>
    {
        step();
        return true;
    });
}
