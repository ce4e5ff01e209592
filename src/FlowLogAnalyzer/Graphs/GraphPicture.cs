namespace FlowLogAnalyzer.Graphs;

/// <summary>A line with the place of its label.</summary>
internal sealed record DrawnArrow(GraphArrow Arrow, ArrowPath Path, Box Label);

/// <summary>Everything that is drawn of a graph, with its place, in pixels; all of it lies right of and below 0, 0.</summary>
internal sealed class GraphPicture
{
    /// <summary>Longer names are cut in the middle; the tooltip has all of it.</summary>
    public const int MostCharacters = 44;

    private const double Margin = 24;
    private const double BoxHeight = 30;
    private const double CharacterWidth = 7;
    private const double LabelCharacterWidth = 5.8;
    private const double LabelHeight = 13;

    /// <summary>Between two lines of the same pair.</summary>
    private const double Lane = 9;

    /// <summary>Between two loops of the same box.</summary>
    private const double Loop = 20;

    /// <summary>Shares of the way at which a label is tried, from the end with fewer arrows on: there lines are apart.</summary>
    private static readonly double[] Places = [0.3, 0.4, 0.22, 0.5, 0.6, 0.7, 0.78];

    private readonly List<Box> _taken = [];
    private readonly Dictionary<string, int> _degrees;

    private GraphPicture(TrafficGraph graph)
    {
        var arrows = graph.Edges.SelectMany(GraphArrow.Of).ToList();
        _degrees = arrows.SelectMany(a => new[] { a.Edge.Source, a.Edge.Destination }).CountBy(n => n, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var loops = arrows.Where(IsLoop).CountBy(a => a.Edge.Source, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        double Room(string name) => 2 * (loops.GetValueOrDefault(name) > 0 ? Loop * (loops[name] + 1) : 0);

        // Loops are above their box: the layout keeps that room free on both sides.
        var layout = GraphLayout.Of(_degrees.Keys.ToDictionary(n => n, n => (BoxWidth(n), BoxHeight + Room(n)), StringComparer.Ordinal), arrows.Select(a => (a.Edge.Source, a.Edge.Destination)));
        var (left, top) = (layout.Boxes.Values.Min(b => b.Left) - Margin, layout.Boxes.Values.Min(b => b.Top) - Margin);
        Boxes = layout.Boxes.ToDictionary(b => b.Key, b => (b.Value with { Height = BoxHeight }).MovedBy(-left, -top), StringComparer.Ordinal);
        _taken.AddRange(Boxes.Values);
        Arrows = [.. arrows.GroupBy(Pair).SelectMany(pair => Draw([.. pair], layout, new Spot(left, top)))];
        Size = new Spot(
            Boxes.Values.Concat(Arrows.Select(a => a.Label)).Max(b => b.Right) + Margin,
            Boxes.Values.Select(b => b.Bottom).Concat(Arrows.SelectMany(a => a.Path.Points.Select(p => p.Y))).Max() + Margin);
    }

    public IReadOnlyDictionary<string, Box> Boxes { get; }

    public IReadOnlyList<DrawnArrow> Arrows { get; }

    public Spot Size { get; }

    /// <param name="graph">With at least one edge.</param>
    public static GraphPicture Of(TrafficGraph graph) => new(graph);

    private IEnumerable<DrawnArrow> Draw(List<GraphArrow> pair, GraphLayout layout, Spot origin)
    {
        for (var i = 0; i < pair.Count; i++)
        {
            var (edge, offset) = (pair[i].Edge, (i - ((pair.Count - 1) / 2.0)) * Lane);
            var bends = layout.Bends(edge.Source, edge.Destination).Select(p => new Spot(p.X - origin.X, p.Y - origin.Y + offset)).ToList();
            var path = IsLoop(pair[i]) ? ArrowPath.Loop(Boxes[edge.Source], i * Loop) : ArrowPath.Between(Boxes[edge.Source], Boxes[edge.Destination], bends, offset);
            yield return new DrawnArrow(pair[i], path, Label(pair[i], path));
        }
    }

    /// <summary>The first place that nothing has taken, else the first of all.</summary>
    private Box Label(GraphArrow arrow, ArrowPath path)
    {
        var fromEnd = _degrees[arrow.Edge.Destination] < _degrees[arrow.Edge.Source];
        Box At(double share) => new(path.At(fromEnd ? 1 - share : share), (arrow.Label.Length * LabelCharacterWidth) + 4, LabelHeight);
        var places = IsLoop(arrow) ? [At(0.5)] : Places.Select(At).SelectMany(b => new[] { b, b.MovedBy(0, -LabelHeight), b.MovedBy(0, LabelHeight) }).ToList();
        var free = places.Where(p => !_taken.Exists(t => t.Overlaps(p))).Take(1).ToList();
        _taken.Add(free.Count > 0 ? free[0] : places[0]);
        return _taken[^1];
    }

    private static (string, string) Pair(GraphArrow arrow) => string.CompareOrdinal(arrow.Edge.Source, arrow.Edge.Destination) <= 0
        ? (arrow.Edge.Source, arrow.Edge.Destination)
        : (arrow.Edge.Destination, arrow.Edge.Source);

    private static bool IsLoop(GraphArrow arrow) => arrow.Edge.Source == arrow.Edge.Destination;

    private static double BoxWidth(string name) => (Math.Min(name.Length, MostCharacters) * CharacterWidth) + 24;
}
