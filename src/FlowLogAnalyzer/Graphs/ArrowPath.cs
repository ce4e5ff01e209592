namespace FlowLogAnalyzer.Graphs;

/// <summary>The way of one arrow as a chain of cubic curves, level where it leaves and arrives.</summary>
internal sealed class ArrowPath
{
    private readonly IReadOnlyList<Spot> _points;

    private ArrowPath(IReadOnlyList<Spot> points) => _points = points;

    /// <summary>Between facing sides of two boxes; several arrows between the same two run side by side.</summary>
    /// <param name="from">The caller's box.</param>
    /// <param name="to">The box of who is called.</param>
    /// <param name="bends">What it passes between them.</param>
    /// <param name="offset">Pixels below the middle of the side.</param>
    public static ArrowPath Between(in Box from, in Box to, IReadOnlyList<Spot> bends, double offset)
    {
        var isForward = from.Centre.X <= to.Centre.X;
        var start = new Spot(isForward ? from.Right : from.Left, from.Centre.Y + offset);
        var end = new Spot(isForward ? to.Left : to.Right, to.Centre.Y + offset);
        return new ArrowPath([start, .. bends, end]);
    }

    /// <summary>From the top of a box back to it.</summary>
    public static ArrowPath Loop(in Box box, double offset) =>
        new([new Spot(box.Centre.X - 24, box.Top), new Spot(box.Centre.X, box.Top - 16 - offset), new Spot(box.Centre.X + 24, box.Top)]);

    public string Data
    {
        get
        {
            var text = FormattableString.Invariant($"M{_points[0].X:0.#} {_points[0].Y:0.#}");
            for (var i = 1; i < _points.Count; i++)
            {
                var (a, b) = (_points[i - 1], _points[i]);
                var middle = (a.X + b.X) / 2;
                text += FormattableString.Invariant($" C{middle:0.#} {a.Y:0.#} {middle:0.#} {b.Y:0.#} {b.X:0.#} {b.Y:0.#}");
            }

            return text;
        }
    }

    /// <summary>The place at a share of the way, 0 to 1; the curves are of equal weight.</summary>
    public Spot At(double share)
    {
        var part = Math.Min((int)(share * (_points.Count - 1)), _points.Count - 2);
        var t = (share * (_points.Count - 1)) - part;
        var (a, b) = (_points[part], _points[part + 1]);
        var middle = (a.X + b.X) / 2;
        return new Spot(Cubic(a.X, middle, middle, b.X, t), Cubic(a.Y, a.Y, b.Y, b.Y, t));
    }

    public IReadOnlyList<Spot> Points => _points;

    private static double Cubic(double a, double b, double c, double d, double t) =>
        (Math.Pow(1 - t, 3) * a) + (3 * Math.Pow(1 - t, 2) * t * b) + (3 * (1 - t) * t * t * c) + (Math.Pow(t, 3) * d);
}
