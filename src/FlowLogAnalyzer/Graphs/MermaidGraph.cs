using System.Globalization;
using System.Text;

namespace FlowLogAnalyzer.Graphs;

/// <summary>
/// A graph as Mermaid text (https://mermaid.js.org/syntax/flowchart.html), which GitHub, Azure DevOps and many wikis draw.
/// Solid arrows were let in, dotted ones refused; labels hold ports and counts.
/// </summary>
public static class MermaidGraph
{
    public static string Text(TrafficGraph graph)
    {
        var ids = graph.Edges.SelectMany(e => new[] { e.Source, e.Destination }).Distinct().Order(StringComparer.Ordinal)
            .Select((name, i) => (name, id: string.Create(CultureInfo.InvariantCulture, $"n{i}"))).ToDictionary(n => n.name, n => n.id, StringComparer.Ordinal);
        var text = new StringBuilder("flowchart LR\n");
        foreach (var (name, id) in ids)
            text.Append($"  {id}[\"{Escape(name)}\"]\n");
        foreach (var edge in graph.Edges)
        {
            foreach (var arrow in GraphArrow.Of(edge))
                text.Append($"  {ids[edge.Source]} {(arrow.IsDenied ? "-.->" : "-->")}|\"{arrow.Label}\"| {ids[edge.Destination]}\n");
        }

        if (graph.LeftOut > 0)
            text.Append($"  rest[\"{graph.LeftOut} edges more\"]\n");
        var centre = graph.Centre.Where(ids.ContainsKey).Select(name => ids[name]).ToList();
        if (centre.Count > 0)
            text.Append($"  classDef centre stroke-width:3px\n  class {string.Join(',', centre)} centre\n");
        return text.ToString();
    }

    /// <summary>Quotes end a label; entities are how Mermaid writes them.</summary>
    private static string Escape(string name) => name.Replace("&", "&amp;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
