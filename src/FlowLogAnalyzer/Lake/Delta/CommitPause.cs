namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>
/// When writers of one log let each other go first. A writer that has just committed knows the newest version before anybody
/// else does and would win every time, so it gives way for a part of the time that it had to wait itself: then it gathers
/// more rows for its next commit. The numbers were chosen by the simulation in docs/scale.md. All pauses are a random share
/// of a window, so that writers do not come back at once.
/// </summary>
public sealed record CommitPause
{
    /// <summary>The window after the first lost race, doubled with each further one: about one round trip to storage.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The widest window. Wider ones let the log stand idle, narrower ones waste requests.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromMilliseconds(640);

    /// <summary>From this attempt on a writer hurries, with <see cref="First"/> for a window: it has waited longer than others.</summary>
    public int HurryFrom { get; init; } = 10;

    /// <summary>How much of the wait for its last commit a writer gives way before the next.</summary>
    public double Yield { get; init; } = 0.5;

    /// <summary>A number from 0 to 1, different each time.</summary>
#pragma warning disable CA5394 // Nothing secret depends on it.
    public Func<double> Share { get; init; } = Random.Shared.NextDouble;
#pragma warning restore CA5394

    /// <param name="waited">From the first attempt of the last commit to its success.</param>
    public TimeSpan BeforeFirst(TimeSpan waited) => waited * Yield * Share();

    /// <param name="attempt">The one to come, from 2 on.</param>
    public TimeSpan BeforeNext(int attempt)
    {
        var window = attempt >= HurryFrom ? First : First * Math.Pow(2, attempt - 2);
        return (window < Longest ? window : Longest) * Share();
    }
}
