using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Simulation;

/// <summary>Puts a finished run into the words of <c>truth.json</c>.</summary>
internal static class TruthBuilder
{
    public static LabTruth Build(LabSimulation run, int blobs, IReadOnlyList<string> captures) => new()
    {
        Scenario = run.Scenario.Name,
        Description = run.Scenario.Description,
        Format = run.Options.Format == LogFormat.VnetV4 ? "vnet" : run.Options.Format.Word(),
        Cni = run.Options.Cni switch { LabCni.Kubenet => "kubenet", LabCni.Overlay => "overlay", _ => "node-subnet" },
        Seed = run.Options.Seed,
        Start = Time(run.Start),
        End = Time(run.End),
        Blobs = blobs,
        Records = run.Records,
        Tuples = run.Tuples,
        Inventory = captures,
        Service = new TruthService(LabService.FullName, AddressPlan.Frontend, LabService.Port, LabService.ProbePort(run.Cluster.Spec),
            run.Cluster.Spec.LocalPolicy ? "Local" : "Cluster"),
        Phases = [.. run.Phases.Select((phase, i) => Phase(run, phase, i))],
        ExpectedFindings = [.. run.Scenario.Expected(run.Cluster)],
        AlsoPossible = run.Scenario.AlsoPossible,
    };

    private static TruthPhase Phase(LabSimulation run, PhaseWindow phase, int index) =>
        new(phase.Name, Time(phase.Start), Time(phase.End), Time(phase.SteadyFrom),
            [.. run.Cluster.Clients.Select(client => Client(client, run.Counter.Of(index, client)))]);

    private static TruthClient Client(LabClient client, ConnectionTally tally)
    {
        var total = tally.Total(steady: false);
        var failed = total - tally.Of(ConnectionOutcome.Connected, steady: false);
        var steady = tally.Total(steady: true);
        var steadyFailed = steady - tally.Of(ConnectionOutcome.Connected, steady: true);
        return new TruthClient
        {
            Client = AddressPlan.Text(client.Ip),
            Connections = total,
            Failed = failed,
            Share = Share(failed, total),
            DeniedAtFrontend = tally.Of(ConnectionOutcome.DeniedAtFrontend, steady: false),
            DeniedAtSecondHop = tally.Of(ConnectionOutcome.DeniedAtSecondHop, steady: false),
            NoBackend = tally.Of(ConnectionOutcome.NoBackend, steady: false),
            AppFailures = tally.AppFailures,
            SteadyConnections = steady,
            SteadyFailed = steadyFailed,
            SteadyShare = Share(steadyFailed, steady),
            Nodes = [.. tally.Nodes.Select(n => new TruthNode(n.Key, n.Value.Connections, n.Value.Failed))],
        };
    }

    private static double Share(long part, long whole) => whole == 0 ? 0 : Math.Round((double)part / whole, 4);

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
