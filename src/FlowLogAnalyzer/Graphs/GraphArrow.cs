using System.Globalization;

namespace FlowLogAnalyzer.Graphs;

/// <summary>One line of a picture: what was let in, or what was refused, from one end to another.</summary>
internal sealed record GraphArrow(GraphEdge Edge, bool IsDenied)
{
    private const int MostPorts = 4;

    public long Count => IsDenied ? Edge.Denied : Edge.Allowed;

    /// <summary><c>port 22, 443: 12 denied</c>.</summary>
    public string Label
    {
        get
        {
            var ports = string.Join(", ", Edge.Ports.Take(MostPorts)) + (Edge.Ports.Count > MostPorts ? string.Create(CultureInfo.InvariantCulture, $" and {Edge.Ports.Count - MostPorts} more") : "");
            return string.Create(CultureInfo.InvariantCulture, $"port {ports}: {Count}{(IsDenied ? " denied" : "")}");
        }
    }

    public static IEnumerable<GraphArrow> Of(GraphEdge edge)
    {
        if (edge.Allowed > 0)
            yield return new GraphArrow(edge, IsDenied: false);
        if (edge.Denied > 0)
            yield return new GraphArrow(edge, IsDenied: true);
    }
}
