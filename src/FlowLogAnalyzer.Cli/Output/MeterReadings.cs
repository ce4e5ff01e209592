using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>How often something was measured, and what: the sum and the greatest.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Reading(long Count, double Sum, double Max)
{
    public Reading And(double value) => new(Count + 1, Sum + value, Count == 0 ? value : Math.Max(Max, value));
}

/// <summary>Adds up what the library's meter counts, for verbs that tell about it while they run.</summary>
internal sealed class MeterReadings : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Reading> _readings = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public MeterReadings()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "FlowLogAnalyzer")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>What was measured since the last call: by name, and where there are outcomes by <c>name/outcome</c>.</summary>
    public IReadOnlyDictionary<string, Reading> Take()
    {
        lock (_gate)
        {
            var taken = new Dictionary<string, Reading>(_readings, StringComparer.Ordinal);
            _readings.Clear();
            return taken;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name;
        foreach (var (key, tag) in tags)
            if (key == "outcome")
                name = $"{name}/{tag}";
        lock (_gate)
            _readings[name] = _readings.GetValueOrDefault(name).And(value);
    }
}
