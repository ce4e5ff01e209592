namespace FlowLogAnalyzer.Tests.Support;

/// <summary>A clock that stands where a test puts it; timers run as usual.</summary>
internal sealed class ManualTime(DateTime now) : TimeProvider
{
    public DateTime Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => new(Now, TimeSpan.Zero);
}
