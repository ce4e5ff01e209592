using FlowLogAnalyzer.Functions.Handlers;
using FlowLogAnalyzer.Functions.Hosting;
using FlowLogAnalyzer.Hosting;

namespace FlowLogAnalyzer.Functions;

/// <summary>A custom handler of Azure Functions (Azure docs, functions-custom-handlers).</summary>
internal static class Program
{
    /// <summary>The host never restarts a handler that ended with 0, and every later message goes to poison.</summary>
    private const int Stopped = 3;
    private const int ParentGone = 4;
    private const int Misconfigured = 5;

    public static async Task<int> Main()
    {
        using var telemetry = TelemetryExport.FromEnvironment(Environment.GetEnvironmentVariable, "flowlog-functions");
        HandlerSettings settings;
        Services services;
        try
        {
            settings = HandlerSettings.Read(Environment.GetEnvironmentVariable, HandlerSettings.FindHostJson());
            services = await Services.OpenAsync(settings, telemetry);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or ArgumentException or IOException)
        {
            Console.WriteLine($"flowlog-functions cannot start. {e.Message}");
            telemetry?.Error($"flowlog-functions cannot start. {e.Message}");
            return Misconfigured;
        }

        await using (services)
        await using (var app = HandlerApp.Build(settings, services))
        {
            if (settings.HostPort is not null)
                _ = ParentWatch.RunAsync(() => Environment.Exit(ParentGone), services.Time, CancellationToken.None);
            await app.RunAsync();
        }

        return settings.HostPort is null ? 0 : Stopped;
    }
}
