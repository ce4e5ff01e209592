using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Simulation;

/// <summary>A node in the load balancer's pool and what the balancer thinks of it.</summary>
internal sealed class Backend(LabNode node, bool isUp)
{
    /// <summary>Probes in a row that change the state (probeThreshold; the cloud provider sets two).</summary>
    private const int Threshold = 2;

    private int _against;

    public LabNode Node => node;

    public bool IsUp { get; private set; } = isUp;

    public void Report(bool passed)
    {
        if (passed == IsUp)
        {
            _against = 0;
            return;
        }
        if (++_against < Threshold)
            return;
        IsUp = passed;
        _against = 0;
    }
}
