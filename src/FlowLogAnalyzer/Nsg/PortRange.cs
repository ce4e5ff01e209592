using System.Globalization;
using System.Runtime.InteropServices;

namespace FlowLogAnalyzer.Nsg;

/// <summary>Ports from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PortRange(ushort First, ushort Last)
{
    public static PortRange All { get; } = new(0, ushort.MaxValue);

    public bool Contains(ushort port) => port >= First && port <= Last;

    /// <summary>Reads <c>*</c>, <c>Any</c>, <c>80</c> or <c>80-90</c>; anything else (an expression) is not a port range.</summary>
    public static bool TryParse(string? text, out PortRange range)
    {
        range = All;
        var trimmed = text?.Trim() ?? "";
        if (trimmed is "*" || trimmed.Equals("Any", StringComparison.OrdinalIgnoreCase))
            return true;

        var dash = trimmed.IndexOf('-');
        var first = dash < 0 ? trimmed : trimmed[..dash].TrimEnd();
        var last = dash < 0 ? trimmed : trimmed[(dash + 1)..].TrimStart();
        if (!TryParsePort(first, out var from) || !TryParsePort(last, out var to) || from > to)
            return false;

        range = new PortRange(from, to);
        return true;
    }

    public override string ToString() => this == All ? "*" : First == Last ? $"{First}" : $"{First}-{Last}";

    private static bool TryParsePort(string text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
}
