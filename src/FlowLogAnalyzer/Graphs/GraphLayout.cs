using System.Runtime.InteropServices;
using GraphShape;
using GraphShape.Algorithms.Layout;
using QuikGraph;

namespace FlowLogAnalyzer.Graphs;

/// <summary>A point of a picture, in pixels from its top left corner.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Spot(double X, double Y);

/// <summary>A rectangle of a picture by its centre.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Box(Spot Centre, double Width, double Height)
{
    public double Left => Centre.X - (Width / 2);

    public double Right => Centre.X + (Width / 2);

    public double Top => Centre.Y - (Height / 2);

    public double Bottom => Centre.Y + (Height / 2);

    public bool Overlaps(in Box other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;

    public Box MovedBy(double x, double y) => this with { Centre = new Spot(Centre.X + x, Centre.Y + y) };
}

/// <summary>
/// Where the ends of a graph go: in columns from those who call to those who are called, ordered so that few arrows cross
/// (Sugiyama's method, GraphShape). Equal input gives equal places.
/// </summary>
internal sealed class GraphLayout
{
    /// <summary>Between columns there must be room for the labels of arrows.</summary>
    private const double ColumnGap = 250;
    private const double RowGap = 30;

    private readonly Dictionary<(string, string), IReadOnlyList<Spot>> _bends = [];

    private GraphLayout(IReadOnlyDictionary<string, Box> boxes) => Boxes = boxes;

    public IReadOnlyDictionary<string, Box> Boxes { get; }

    /// <summary>Places between the two ends that an arrow passes on its way past other columns.</summary>
    public IReadOnlyList<Spot> Bends(string source, string destination) => _bends.GetValueOrDefault((source, destination), []);

    /// <param name="sizes">Width and height of the box of every end, in pixels.</param>
    /// <param name="arrows">Who calls whom; an end that calls itself needs no arrow.</param>
    public static GraphLayout Of(IReadOnlyDictionary<string, (double Width, double Height)> sizes, IEnumerable<(string Source, string Destination)> arrows)
    {
        var graph = new BidirectionalGraph<string, Edge<string>>(allowParallelEdges: false);
        graph.AddVertexRange(sizes.Keys.Order(StringComparer.Ordinal));
        graph.AddEdgeRange(arrows.Where(a => a.Source != a.Destination).Distinct().Order().Select(a => new Edge<string>(a.Source, a.Destination)));

        // From top to bottom with width and height exchanged, and the outcome turned: from left to right it takes widths for heights.
        var turned = sizes.ToDictionary(s => s.Key, s => new Size(s.Value.Height, s.Value.Width), StringComparer.Ordinal);
        var algorithm = new SugiyamaLayoutAlgorithm<string, Edge<string>, BidirectionalGraph<string, Edge<string>>>(graph, null, turned, new SugiyamaLayoutParameters
        {
            Direction = LayoutDirection.TopToBottom,
            LayerGap = ColumnGap,
            SliceGap = RowGap,
            EdgeRouting = SugiyamaEdgeRouting.Traditional,
            OptimizeWidth = false,
        });
        algorithm.Compute();

        var layout = new GraphLayout(Apart(algorithm.VerticesPositions.Select(v => (v.Key, new Box(new Spot(v.Value.Y, v.Value.X), sizes[v.Key].Width, sizes[v.Key].Height)))));
        foreach (var (edge, route) in algorithm.EdgeRoutes.Where(r => r.Value is { Length: > 0 }))
        {
            // An arrow back to an earlier column has its bends in the order of the columns too.
            var isForward = layout.Boxes[edge.Source].Centre.X <= layout.Boxes[edge.Target].Centre.X;
            layout._bends[(edge.Source, edge.Target)] = [.. route.Select(p => new Spot(p.Y, p.X)).OrderBy(p => isForward ? p.X : -p.X)];
        }

        return layout;
    }

    /// <summary>Boxes of different heights are set too close at times: each column is pushed apart downwards.</summary>
    private static Dictionary<string, Box> Apart(IEnumerable<(string Name, Box Box)> places)
    {
        var apart = new Dictionary<string, Box>(StringComparer.Ordinal);
        foreach (var column in places.GroupBy(p => Math.Round(p.Box.Left)))
        {
            var free = double.NegativeInfinity;
            foreach (var (name, box) in column.OrderBy(p => p.Box.Centre.Y).ThenBy(p => p.Name, StringComparer.Ordinal))
            {
                apart[name] = box.MovedBy(0, Math.Max(0, free - box.Top));
                free = apart[name].Bottom + RowGap;
            }
        }

        return apart;
    }
}
