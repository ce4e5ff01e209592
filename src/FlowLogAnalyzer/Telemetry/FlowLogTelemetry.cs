using System.Diagnostics;

namespace FlowLogAnalyzer.Telemetry;

/// <summary>
/// Traces of this library, by the base class library alone: who wants them listens to <see cref="Name"/>. The hosts send
/// them by OTLP when the usual environment variables ask for it.
/// </summary>
public static class FlowLogTelemetry
{
    /// <summary>Of the activity source and of the meter.</summary>
    public const string Name = "FlowLogAnalyzer";

    public static string Version { get; } = typeof(FlowLogTelemetry).Assembly.GetName().Version!.ToString(3);

    private static readonly ActivitySource Source = new(Name, Version);

    /// <summary>A step of work, or null when nobody listens.</summary>
    public static Activity? Start(string step, ActivityKind kind = ActivityKind.Internal) => Source.StartActivity(step, kind);

    /// <summary>Marks the step as failed, and why.</summary>
    public static void Failed(this Activity? step, Exception why)
    {
        step?.SetStatus(ActivityStatusCode.Error, why.Message);
        step?.AddException(why);
    }
}
