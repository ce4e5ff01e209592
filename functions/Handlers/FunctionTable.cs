using FlowLogAnalyzer.Functions.Protocol;

namespace FlowLogAnalyzer.Functions.Handlers;

/// <summary>A function that the host invokes.</summary>
internal delegate Task<InvocationAnswer> Invoked(Services services, Invocation invocation, CancellationToken ct);

/// <summary>A function whose HTTP request the host forwards to its original path.</summary>
internal delegate Task Forwarded(Services services, HttpContext context, CancellationToken ct);

/// <summary>All functions by name; each has a folder with a function.json, and a test keeps the two in step.</summary>
internal static class FunctionTable
{
    public static IReadOnlyDictionary<string, Invoked> Invoked { get; } = new Dictionary<string, Invoked>(StringComparer.Ordinal)
    {
        ["IngestFromQueue"] = IngestFunctions.FromQueueAsync,
        ["IngestFromEventHub"] = IngestFunctions.FromEventHubAsync,
        ["Sweep"] = IngestFunctions.SweepAsync,
        ["CompactLake"] = UpkeepFunctions.CompactAsync,
        ["Check"] = CheckFunctions.ToQueueAsync,
        ["CheckToEventHub"] = CheckFunctions.ToEventHubAsync,
        ["WeeklyReport"] = ReportFunctions.WriteAsync,
    };

    /// <summary>By name, with the route of its function.json below /api/.</summary>
    public static IReadOnlyDictionary<string, (string Route, string[] Methods, Forwarded Run)> Forwarded { get; } = new Dictionary<string, (string, string[], Forwarded)>(StringComparer.Ordinal)
    {
        ["Report"] = ("report", ["GET"], ReportFunctions.ReadAsync),
        ["Query"] = ("query", ["GET", "POST"], QueryFunction.RunAsync),
    };
}
