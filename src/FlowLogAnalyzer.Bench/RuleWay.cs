using System.Runtime.InteropServices;

namespace FlowLogAnalyzer.Bench;

/// <summary>The one direction and decision of a rule: four allow inbound, three outbound, and the last denies what comes in.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RuleWay(bool IsInbound, bool IsDenied)
{
    /// <summary>Of 1000 tuples those under the rules before each one: half of all are outbound, 99 are denied.</summary>
    private static readonly int[] Before = [0, 100, 200, 300, 401, 568, 734, 901, 1000];

    public static RuleWay Of(int rule) => new(rule is < 4 or 7, rule == 7);

    public static long TuplesBefore(int rule, int count) => (long)count * Before[rule] / 1000;
}
