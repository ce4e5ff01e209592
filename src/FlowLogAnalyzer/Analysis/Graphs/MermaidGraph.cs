using System.Globalization;
using System.Text;

namespace FlowLogAnalyzer.Analysis.Graphs;

/// <summary>
/// A graph as Mermaid text (https://mermaid.js.org/syntax/flowchart.html), which GitHub, Azure DevOps and many wikis draw.
/// Solid arrows were let in, dotted ones refused; labels hold ports and counts.
/// </summary>
public static class MermaidGraph
{
    private const int MostPorts = 4;

    public static string Text(TrafficGraph graph)
    {
        var ids = graph.Edges.SelectMany(e => new[] { e.Source, e.Destination }).Distinct().Order(StringComparer.Ordinal)
            .Select((name, i) => (name, id: string.Create(CultureInfo.InvariantCulture, $"n{i}"))).ToDictionary(n => n.name, n => n.id, StringComparer.Ordinal);
        var text = new StringBuilder("flowchart LR\n");
        foreach (var (name, id) in ids)
            text.Append($"  {id}[\"{Escape(name)}\"]\n");
        foreach (var edge in graph.Edges)
        {
            if (edge.Allowed > 0)
                text.Append($"  {ids[edge.Source]} -->|\"{Label(edge, edge.Allowed)}\"| {ids[edge.Destination]}\n");
            if (edge.Denied > 0)
                text.Append($"  {ids[edge.Source]} -.->|\"{Label(edge, edge.Denied)} denied\"| {ids[edge.Destination]}\n");
        }

        if (graph.LeftOut > 0)
            text.Append($"  rest[\"{graph.LeftOut} edges more\"]\n");
        var centre = graph.Centre.Where(ids.ContainsKey).Select(name => ids[name]).ToList();
        if (centre.Count > 0)
            text.Append($"  classDef centre stroke-width:3px\n  class {string.Join(',', centre)} centre\n");
        return text.ToString();
    }

    private static string Label(GraphEdge edge, long count)
    {
        var ports = string.Join(", ", edge.Ports.Take(MostPorts)) + (edge.Ports.Count > MostPorts ? $" and {edge.Ports.Count - MostPorts} more" : "");
        return $"port {ports}: {count}";
    }

    /// <summary>Quotes end a label; entities are how Mermaid writes them.</summary>
    private static string Escape(string name) => name.Replace("&", "&amp;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
