using System.Xml.Linq;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Tests.Docs;

/// <summary>The library's doc comments, from the file the compiler writes beside the assembly.</summary>
public static class XmlDocs
{
    private static readonly Dictionary<string, XElement> Members = XDocument
        .Load(Path.ChangeExtension(typeof(QualityFlags).Assembly.Location, ".xml"))
        .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>The summary as Markdown on one line, or an empty text.</summary>
    public static string Summary(string member)
    {
        if (!Members.TryGetValue(member, out var found) || found.Element("summary") is not { } summary)
            return "";

        var text = string.Concat(summary.Nodes().Select(Markdown));
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Markdown(XNode node) => node switch
    {
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } link => $"`{link.Attribute("cref")!.Value.Split('.')[^1]}`",
        XElement other => other.Value,
        XText text => text.Value,
        _ => "",
    };
}
