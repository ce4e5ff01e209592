using System.Globalization;
using System.Text;
using System.Xml;

namespace FlowLogAnalyzer.Graphs;

/// <summary>
/// A graph as an SVG picture (W3C SVG 1.1): solid blue arrows were let in, broken orange ones refused, so that the two are told
/// apart without colours too. Title, description and the tooltip of every arrow say in words what is drawn.
/// </summary>
public static class SvgGraph
{
    private const string Namespace = "http://www.w3.org/2000/svg";
    private const string Allowed = "#0072B2";
    private const string Denied = "#D55E00";
    private const double Legend = 28;

    /// <param name="graph">With at least one edge.</param>
    /// <param name="around">What it is drawn around, for the title.</param>
    public static string Text(TrafficGraph graph, string around)
    {
        var picture = GraphPicture.Of(graph);
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true, IndentChars = " ", NewLineChars = "\n" }))
        {
            xml.WriteStartElement("svg", Namespace);
            xml.WriteAttributeString("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {picture.Size.X:0} {picture.Size.Y + Legend:0}"));
            Attributes(xml, ("width", picture.Size.X), ("height", picture.Size.Y + Legend));
            Attributes(xml, ("role", "img"), ("aria-labelledby", "title desc"), ("font-family", "system-ui, sans-serif"), ("font-size", "12"));
            Words(xml, "title", "title", $"Who talks to whom around {around}");
            Words(xml, "desc", "desc", Description(graph));
            Markers(xml);
            Element(xml, "rect", ("width", "100%"), ("height", "100%"), ("fill", "#ffffff"));
            foreach (var arrow in picture.Arrows)
                Line(xml, arrow);
            foreach (var (name, box) in picture.Boxes.OrderBy(b => b.Key, StringComparer.Ordinal))
                Rectangle(xml, name, box, graph.Centre.Contains(name));
            foreach (var arrow in picture.Arrows)
                Label(xml, arrow);
            Key(xml, graph, picture.Size.Y);
            xml.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    private static string Description(TrafficGraph graph)
    {
        var sentences = graph.Edges.SelectMany(GraphArrow.Of).Select(Sentence);
        return string.Join(" ", sentences) + (graph.LeftOut > 0 ? $" {graph.LeftOut} edges more are not drawn." : "");
    }

    private static string Sentence(GraphArrow arrow) => $"{arrow.Edge.Source} to {arrow.Edge.Destination}, {arrow.Label}.";

    private static void Line(XmlWriter xml, DrawnArrow drawn)
    {
        xml.WriteStartElement("path", Namespace);
        Attributes(xml, ("d", drawn.Path.Data), ("fill", "none"), ("stroke", Colour(drawn.Arrow)), ("stroke-width", "1.5"), ("marker-end", drawn.Arrow.IsDenied ? "url(#denied)" : "url(#allowed)"));
        if (drawn.Arrow.IsDenied)
            Attributes(xml, ("stroke-dasharray", "6 4"));
        Words(xml, "title", null, Sentence(drawn.Arrow));
        xml.WriteEndElement();
    }

    /// <summary>On white, so that it can be read where lines run below it.</summary>
    private static void Label(XmlWriter xml, DrawnArrow drawn)
    {
        xml.WriteStartElement("rect", Namespace);
        Attributes(xml, ("x", drawn.Label.Left), ("y", drawn.Label.Top), ("width", drawn.Label.Width), ("height", drawn.Label.Height));
        Attributes(xml, ("fill", "#ffffff"), ("fill-opacity", "0.9"));
        xml.WriteEndElement();
        xml.WriteStartElement("text", Namespace);
        Attributes(xml, ("x", drawn.Label.Centre.X), ("y", drawn.Label.Centre.Y + 4));
        Attributes(xml, ("text-anchor", "middle"), ("font-size", "11"), ("fill", Colour(drawn.Arrow)));
        xml.WriteString(Clean(drawn.Arrow.Label));
        xml.WriteEndElement();
    }

    private static void Rectangle(XmlWriter xml, string name, in Box box, bool isCentre)
    {
        xml.WriteStartElement("g", Namespace);
        Words(xml, "title", null, name);
        xml.WriteStartElement("rect", Namespace);
        Attributes(xml, ("x", box.Left), ("y", box.Top), ("width", box.Width), ("height", box.Height), ("rx", 4));
        Attributes(xml, ("fill", isCentre ? "#e8f1f8" : "#f7f7f7"), ("stroke", "#333333"), ("stroke-width", isCentre ? "2.5" : "1"));
        xml.WriteEndElement();
        xml.WriteStartElement("text", Namespace);
        Attributes(xml, ("x", box.Centre.X), ("y", box.Centre.Y + 4));
        Attributes(xml, ("text-anchor", "middle"), ("fill", "#111111"));
        xml.WriteString(Clean(Short(name)));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Key(XmlWriter xml, TrafficGraph graph, double top)
    {
        xml.WriteStartElement("text", Namespace);
        Attributes(xml, ("x", 24), ("y", top + 8));
        Attributes(xml, ("fill", "#333333"), ("font-size", "11"));
        xml.WriteString("New connections by destination port. Solid: let in. Broken: refused." + (graph.LeftOut > 0 ? $" {graph.LeftOut} edges more are not drawn." : ""));
        xml.WriteEndElement();
    }

    private static void Markers(XmlWriter xml)
    {
        xml.WriteStartElement("defs", Namespace);
        foreach (var (id, colour) in new[] { ("allowed", Allowed), ("denied", Denied) })
        {
            xml.WriteStartElement("marker", Namespace);
            Attributes(xml, ("id", id), ("viewBox", "0 0 8 8"), ("refX", "8"), ("refY", "4"), ("markerWidth", "7"), ("markerHeight", "7"), ("orient", "auto"));
            Element(xml, "path", ("d", "M0 0 L8 4 L0 8 z"), ("fill", colour));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static string Colour(GraphArrow arrow) => arrow.IsDenied ? Denied : Allowed;

    private static string Short(string name) => name.Length <= GraphPicture.MostCharacters
        ? name
        : $"{name[..((GraphPicture.MostCharacters / 2) - 1)]}…{name[^(GraphPicture.MostCharacters / 2)..]}";

    private static void Words(XmlWriter xml, string element, string? id, string words)
    {
        xml.WriteStartElement(element, Namespace);
        if (id is not null)
            xml.WriteAttributeString("id", id);
        xml.WriteString(Clean(words));
        xml.WriteEndElement();
    }

    private static void Element(XmlWriter xml, string name, params (string Name, string Value)[] attributes)
    {
        xml.WriteStartElement(name, Namespace);
        Attributes(xml, attributes);
        xml.WriteEndElement();
    }

    private static void Attributes(XmlWriter xml, params (string Name, string Value)[] attributes)
    {
        foreach (var (name, value) in attributes)
            xml.WriteAttributeString(name, value);
    }

    private static void Attributes(XmlWriter xml, params (string Name, double Value)[] attributes) =>
        Attributes(xml, [.. attributes.Select(a => (a.Name, a.Value.ToString("0.#", CultureInfo.InvariantCulture)))]);

    /// <summary>Names come from logs and exports: what XML cannot hold at all is shown as a replacement character.</summary>
    private static string Clean(string text) => string.Concat(text.EnumerateRunes().Select(r => r.Value > char.MaxValue || XmlConvert.IsXmlChar((char)r.Value) ? r.ToString() : "\uFFFD"));
}
