using FlowLogAnalyzer.Telemetry;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FlowLogAnalyzer.Hosting;

/// <summary>
/// Traces, metrics and logs by OTLP, when the environment names a receiver (OpenTelemetry specification, "OpenTelemetry
/// Protocol Exporter"). Protocol, headers, intervals, sampler and attributes are read by the SDK from its usual variables.
/// </summary>
internal sealed class TelemetryExport : IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private readonly Providers _providers;

    private TelemetryExport(Providers providers) => _providers = providers;

    /// <summary>Null when nothing is asked for: then nothing of OpenTelemetry is loaded.</summary>
    /// <param name="variable">The environment.</param>
    /// <param name="service">The name of the service where OTEL_SERVICE_NAME gives none.</param>
    public static TelemetryExport? FromEnvironment(Func<string, string?> variable, string service)
    {
        bool IsSet(string name) => !string.IsNullOrEmpty(variable(name));
        bool IsWanted(string signal) => (IsSet(Endpoint) || IsSet($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"))
            && (variable($"OTEL_{signal}_EXPORTER") is not { Length: > 0 } exporter || exporter.Split(',').Contains("otlp", StringComparer.Ordinal));

        var (traces, metrics, logs) = (IsWanted("TRACES"), IsWanted("METRICS"), IsWanted("LOGS"));
        var isDisabled = string.Equals(variable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase);
        return isDisabled || !(traces || metrics || logs) ? null : new TelemetryExport(new Providers(service, traces, metrics, logs));
    }

    public void Note(string text) => _providers.Log(LogLevel.Information, text);

    public void Error(string text) => _providers.Log(LogLevel.Error, text);

    /// <summary>Sends what has not been sent.</summary>
    public void Dispose() => _providers.Dispose();

    /// <summary>A class of its own, so that OpenTelemetry's assemblies are loaded when one is made and not before.</summary>
    private sealed class Providers : IDisposable
    {
        private readonly TracerProvider? _traces;
        private readonly MeterProvider? _metrics;
        private readonly ILoggerFactory? _logs;
        private readonly ILogger? _log;

        public Providers(string service, bool traces, bool metrics, bool logs)
        {
            // Later ones win: what the environment says about the service counts for more than the name given here.
            var resource = ResourceBuilder.CreateEmpty().AddService(service, serviceVersion: FlowLogTelemetry.Version).AddTelemetrySdk().AddEnvironmentVariableDetector();
            if (traces)
                _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(FlowLogTelemetry.Name).AddOtlpExporter().Build();
            if (metrics)
                _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(FlowLogTelemetry.Name).AddOtlpExporter().Build();
            if (logs)
                _logs = LoggerFactory.Create(b => b.AddOpenTelemetry(o => o.SetResourceBuilder(resource).AddOtlpExporter()));
            _log = _logs?.CreateLogger(FlowLogTelemetry.Name);
        }

        /// <summary>The text is a value and not a template: it may hold braces.</summary>
        public void Log(LogLevel level, string text) => _log?.Log(level, default, text, null, (state, _) => state);

        public void Dispose()
        {
            _traces?.Dispose();
            _metrics?.Dispose();
            _logs?.Dispose();
        }
    }
}
