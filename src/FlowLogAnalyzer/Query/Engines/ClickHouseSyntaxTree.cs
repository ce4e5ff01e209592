namespace FlowLogAnalyzer.Query.Engines;

/// <summary>A node of a statement as ClickHouse's own parser sees it.</summary>
/// <param name="Kind">Such as <c>Function</c> or <c>TableIdentifier</c>.</param>
/// <param name="Name">What stands behind the kind, without its alias: <c>file</c>, <c>system.users</c>; may be empty.</param>
/// <param name="Children">In the order of the text.</param>
internal sealed record ClickHouseNode(string Kind, string Name, List<ClickHouseNode> Children)
{
    public IEnumerable<ClickHouseNode> All() => Children.SelectMany(c => c.All()).Prepend(this);
}

/// <summary>Reads what <c>explain ast</c> prints: a line per node, indented by a blank per level.</summary>
internal static class ClickHouseSyntaxTree
{
    /// <summary>What follows a name.</summary>
    private static readonly string[] Marks = ["(alias ", "(children "];

    public static ClickHouseNode Parse(IEnumerable<string> lines)
    {
        var root = new ClickHouseNode("", "", []);
        var path = new List<ClickHouseNode> { root };
        foreach (var line in lines.Where(l => l.Length > 0))
        {
            var depth = line.TakeWhile(c => c == ' ').Count();
            var node = Node(line[depth..]);
            if (depth >= path.Count)
                depth = path.Count - 1; // a literal of several lines: what it says is taken for nodes, never the other way round
            path.RemoveRange(depth + 1, path.Count - depth - 1);
            path[depth].Children.Add(node);
            path.Add(node);
        }

        return root;
    }

    private static ClickHouseNode Node(string text)
    {
        var words = text.Split(' ', 2);
        var name = words.Length > 1 ? words[1] : "";
        var end = Marks.Select(mark => name.IndexOf(mark, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(name.Length).Min();
        return new ClickHouseNode(words[0], name[..end].Trim(), []);
    }
}
