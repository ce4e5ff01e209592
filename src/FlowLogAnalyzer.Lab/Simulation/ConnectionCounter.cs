using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Simulation;

internal enum ConnectionOutcome
{
    Connected,

    /// <summary>The rules of the chosen node's NIC refuse the client: denied tuples to the frontend's address.</summary>
    DeniedAtFrontend,

    /// <summary>The node took the connection and could not pass it on to the ingress pod.</summary>
    DeniedAtSecondHop,

    /// <summary>No backend was up. No node logs anything.</summary>
    NoBackend,
}

/// <summary>Counts of the connections of one client in one phase.</summary>
internal sealed class ConnectionTally
{
    private readonly long[] _all = new long[4];
    private readonly long[] _steady = new long[4];

    public long AppFailures { get; set; }

    public SortedDictionary<string, (long Connections, long Failed)> Nodes { get; } = new(StringComparer.Ordinal);

    public void Add(ConnectionOutcome outcome, bool steady)
    {
        _all[(int)outcome]++;
        if (steady)
            _steady[(int)outcome]++;
    }

    public long Of(ConnectionOutcome outcome, bool steady) => (steady ? _steady : _all)[(int)outcome];

    public long Total(bool steady) => (steady ? _steady : _all).Sum();
}

/// <summary>Counts what really happened to each client's connections; that is the truth that findings are compared with.</summary>
internal sealed class ConnectionCounter(IReadOnlyList<PhaseWindow> phases)
{
    private readonly Dictionary<(int Phase, LabClient Client), ConnectionTally> _tallies = [];

    public void Count(long time, LabClient client, LabNode? node, ConnectionOutcome outcome)
    {
        var phase = PhaseAt(time);
        var tally = Of(phase, client);
        tally.Add(outcome, time >= phases[phase].SteadyFrom);
        if (node is null)
            return;

        var (connections, failed) = tally.Nodes.GetValueOrDefault(node.Name);
        tally.Nodes[node.Name] = (connections + 1, failed + (outcome == ConnectionOutcome.Connected ? 0 : 1));
    }

    public void CountAppFailure(long time, LabClient client) => Of(PhaseAt(time), client).AppFailures++;

    public ConnectionTally Of(int phase, LabClient client)
    {
        if (!_tallies.TryGetValue((phase, client), out var tally))
            _tallies[(phase, client)] = tally = new ConnectionTally();
        return tally;
    }

    private int PhaseAt(long time)
    {
        for (var i = phases.Count - 1; i > 0; i--)
        {
            if (time >= phases[i].Start)
                return i;
        }
        return 0;
    }
}

/// <summary>
/// A time during which the rules stay as they are; Unix milliseconds, half open. From <see cref="SteadyFrom"/> on the load
/// balancer has noticed what changed: two probes each way, and some slack.
/// </summary>
internal sealed record PhaseWindow(string Name, long Start, long End, NsgSet Rules)
{
    public long SteadyFrom => Math.Min(End, Start + 30_000);
}
