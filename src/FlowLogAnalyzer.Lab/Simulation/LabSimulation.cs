using FlowLogAnalyzer.Lab.Logs;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Simulation;

/// <summary>One run of a scenario: sets the scene, plays it, and keeps count.</summary>
internal sealed class LabSimulation
{
    public LabSimulation(LabScenario scenario, LabOptions options)
    {
        options.Validate();
        (Scenario, Options) = (scenario, options);
        Cluster = ClusterBuilder.Build(scenario.Spec.With(options), options);
        Phases = PhasesOf(scenario, options, HardenedRules.For(Cluster), Cluster);
        Counter = new ConnectionCounter(Phases);
    }

    public LabScenario Scenario { get; }

    public LabOptions Options { get; }

    public LabCluster Cluster { get; }

    public IReadOnlyList<PhaseWindow> Phases { get; }

    public ConnectionCounter Counter { get; }

    public long Tuples { get; private set; }

    public long Records { get; private set; }

    public long Start => Phases[0].Start;

    public long End => Phases[^1].End;

    public void Run(ILabSink sink)
    {
        var streams = new LogStreams(Options.Format, Start, End, sink);
        var gate = new NsgGate(Cluster);
        var loop = new EventLoop(Start, End);
        var wire = new Wire(gate, new FlowJournal(Options.Format, Cluster.Spec.FlowTimeoutInMinutes is not null, streams));
        var world = new LabWorld(Cluster, loop, wire, Options.Seed);
        foreach (var phase in Phases)
            loop.At(phase.Start, () => gate.Load(phase.Rules));

        // The first rules are in force before anything is sent.
        gate.Load(Phases[0].Rules);
        StartActors(world);
        loop.Run(streams.Advance);
        streams.Finish();
        (Tuples, Records) = (streams.Tuples, streams.Records);
    }

    private void StartActors(LabWorld world)
    {
        var balancer = new LoadBalancer(world, Scenario.Quirks);
        balancer.Start();
        foreach (var client in Cluster.Clients)
            new ClientActor(world, balancer, Counter, client).Start();
        new Background(world).Start();
        Scenario.Behaviour?.Invoke(world);
    }

    private static List<PhaseWindow> PhasesOf(LabScenario scenario, LabOptions options, NsgSet healthy, LabCluster cluster)
    {
        var total = (options.Minutes ?? scenario.Minutes) * 60_000L;
        var start = options.Start.ToUnixTimeMilliseconds();
        var count = scenario.Phases.Count;
        return [.. scenario.Phases.Select((phase, i) =>
            new PhaseWindow(phase.Name, start + (total * i / count), start + (total * (i + 1) / count), phase.Rules(healthy, cluster).ReplacedBy(options.Nsgs)))];
    }
}
