using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowLogAnalyzer.Lab;

/// <summary>
/// What really happened in a run, written to <c>truth.json</c>. Times are UTC, shares are of new connections, 0 to 1.
/// </summary>
public sealed record LabTruth
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required string Scenario { get; init; }

    public required string Description { get; init; }

    /// <summary>nsg-v1, nsg-v2 or vnet.</summary>
    public required string Format { get; init; }

    /// <summary>kubenet, overlay or node-subnet.</summary>
    public required string Cni { get; init; }

    public required ulong Seed { get; init; }

    public required DateTimeOffset Start { get; init; }

    public required DateTimeOffset End { get; init; }

    public required int Blobs { get; init; }

    /// <summary>Records written, over all blobs. Not called "records": that is how a flow log begins.</summary>
    [JsonPropertyName("recordCount")]
    public required long Records { get; init; }

    /// <summary>Tuples written, over all blobs.</summary>
    public required long Tuples { get; init; }

    /// <summary>Folders below <c>inventory/</c>, by capture time.</summary>
    public required IReadOnlyList<string> Inventory { get; init; }

    public required TruthService Service { get; init; }

    public required IReadOnlyList<TruthPhase> Phases { get; init; }

    /// <summary>Findings that must fire; empty for a healthy cluster.</summary>
    public required IReadOnlyList<ExpectedFinding> ExpectedFindings { get; init; }

    /// <summary>Ids of findings that are right to fire as well.</summary>
    public required IReadOnlyList<string> AlsoPossible { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <summary>Reads a <c>truth.json</c> back.</summary>
    /// <exception cref="JsonException">The text is not one.</exception>
    public static LabTruth FromJson(string text) =>
        JsonSerializer.Deserialize<LabTruth>(text, Json) ?? throw new JsonException("truth.json holds null; expected an object.");
}

/// <summary>The Service that clients call.</summary>
public sealed record TruthService(string Name, string Frontend, int Port, int ProbePort, string TrafficPolicy);

/// <summary>A stretch of time with the same NSG rules; from <paramref name="SteadyFrom"/> on the load balancer has noticed the change.</summary>
public sealed record TruthPhase(string Name, DateTimeOffset Start, DateTimeOffset End, DateTimeOffset SteadyFrom, IReadOnlyList<TruthClient> Clients);

/// <summary>
/// A client's new connections in one phase. Failed ones were denied at the frontend's address by a node's NSG, or at the second
/// hop, or had no backend to go to; each retry from a new port is a new connection.
/// </summary>
public sealed record TruthClient
{
    public required string Client { get; init; }

    public required long Connections { get; init; }

    public required long Failed { get; init; }

    public required double Share { get; init; }

    public required long DeniedAtFrontend { get; init; }

    public required long DeniedAtSecondHop { get; init; }

    public required long NoBackend { get; init; }

    /// <summary>Connections that reached the ingress pod, which then could not reach the application.</summary>
    public required long AppFailures { get; init; }

    public required long SteadyConnections { get; init; }

    public required long SteadyFailed { get; init; }

    public required double SteadyShare { get; init; }

    /// <summary>By the node that the load balancer chose.</summary>
    public required IReadOnlyList<TruthNode> Nodes { get; init; }
}

public sealed record TruthNode(string Node, long Connections, long Failed);

/// <summary>A finding that must fire, in the words of its evidence. Rule names are without the prefix of the logs.</summary>
public sealed record ExpectedFinding(string Id, string SeverityFloor)
{
    /// <summary>NSGs whose rule decided; a finding may name one of them or all.</summary>
    public IReadOnlyList<string> Nsgs { get; init; } = [];

    public string? Rule { get; init; }

    /// <summary>Nodes that the finding is about.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    public string? Client { get; init; }

    /// <summary>Address that acts, for lateral movement.</summary>
    public string? Source { get; init; }

    public int? Port { get; init; }

    /// <summary>The share by the model: of client connections, or of what the finding counts.</summary>
    public double? ExpectedShare { get; init; }

    /// <summary>Name of the phase it happens in; null is the whole run.</summary>
    public string? Phase { get; init; }
}
