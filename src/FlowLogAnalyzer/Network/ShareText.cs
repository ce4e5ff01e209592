using System.Globalization;

namespace FlowLogAnalyzer.Network;

/// <summary>Shares, nodes and changes of a Service in words.</summary>
internal static class ShareText
{
    private static readonly (double Share, string Word)[] Words =
    [
        (0, "none"), (0.25, "a quarter"), (1.0 / 3, "one third"), (0.5, "half"), (2.0 / 3, "two thirds"), (0.75, "three quarters"), (1, "all"),
    ];

    /// <summary><c>two thirds</c> where it is that, else <c>66.2 %</c>.</summary>
    public static string Of(double share)
    {
        var word = Words.FirstOrDefault(w => Math.Abs(w.Share - share) < 0.005).Word;
        return word ?? Percent(share);
    }

    /// <summary><c>no new connections</c>, <c>two thirds of the new connections</c>, <c>all new connections</c>.</summary>
    public static string Connections(double share) => Of(share) switch
    {
        "none" => "no new connections",
        "all" => "all new connections",
        var part => $"{part} of the new connections",
    };

    public static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    public static string Nodes(IEnumerable<string> nodes)
    {
        var list = nodes.ToList();
        return list.Count <= 6 ? string.Join(", ", list) : $"{string.Join(", ", list.Take(5))} and {list.Count - 5} more";
    }

    /// <summary>Sentences on what changes for a Service; none when nothing does.</summary>
    public static IEnumerable<string> Changes(ServiceHealth before, ServiceHealth after)
    {
        var down = after.Unhealthy.Except(before.Unhealthy).ToList();
        var flapping = after.Flapping.Except(before.Flapping).ToList();
        var up = after.Healthy.Except(before.Healthy).ToList();
        if (down.Count > 0)
            yield return $"{Nodes(down)} {(down.Count == 1 ? "leaves" : "leave")} rotation for {after.Path.Name}{Why(after, down)}.";
        if (flapping.Count > 0)
            yield return $"{Nodes(flapping)} {(flapping.Count == 1 ? "goes" : "go")} in and out of rotation for {after.Path.Name}{Why(after, flapping)}.";
        if (up.Count > 0)
            yield return $"{Nodes(up)} {(up.Count == 1 ? "comes" : "come")} back into rotation for {after.Path.Name}.";

        foreach (var (client, share) in after.Shares)
        {
            var was = before.Shares.GetValueOrDefault(client);
            if (Math.Abs(share - was) >= 0.005)
                yield return $"{(down.Count > 0 || up.Count > 0 ? "Then" : "In the steady state,")} {Connections(share)} of {client} to {after.Path.Name} fail ({Percent(was)} before, {Percent(share)} after).";
        }
    }

    private static string Why(ServiceHealth health, List<string> nodes)
    {
        var probes = health.Refused.Where(r => r.Need.Kind == NeedKind.Probe && nodes.Contains(r.Need.Node)).Select(r => r.By).Distinct().Order(StringComparer.Ordinal).ToList();
        if (probes.Count > 0)
            return $": {string.Join(" and ", probes)} {(probes.Count == 1 ? "denies" : "deny")} the load balancer's probe";

        var hops = health.Refused.Where(r => r.Need.Kind == NeedKind.SecondHop && nodes.Contains(r.Need.Node)).Select(r => r.By).Distinct().Order(StringComparer.Ordinal).ToList();
        return hops.Count > 0 ? $": {string.Join(" and ", hops)} {(hops.Count == 1 ? "denies" : "deny")} the probes that it forwards to the pods" : "";
    }
}
