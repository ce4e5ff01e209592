using System.Globalization;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Findings;

/// <summary>Refused rows of a finding that are alike, in one epoch.</summary>
internal sealed record TargetRows(string? Mac, FlowKey Flow, int Epoch, long Rows, DateTime FirstSeen, DateTime LastSeen);

/// <summary>Reads the refused rows behind a finding, by the SQL that it carries.</summary>
internal static class FindingTargets
{
    /// <summary>Findings about refused flows that rules of the user's can repair.</summary>
    private static readonly HashSet<string> Repairable = new(StringComparer.Ordinal)
    {
        "LBP-001", "LBP-002", "LBP-003", "LBC-001", "LBC-002", "LBC-003", "LBC-007", "LBC-011",
    };

    private static readonly string[] Columns = ["mac", "src_ip", "src_port", "dst_ip", "dst_port", "time", "protocol"];

    /// <summary>An info finding is policy at work (LBC-002): nobody asked for a repair.</summary>
    public static bool IsRepairable(Finding finding) =>
        Repairable.Contains(finding.Id) && finding.Severity > Severity.Info && finding["service"] is string && finding["sql"] is string;

    public static IReadOnlyList<TargetRows> Of(Finding finding, LakeDatabase database, NetworkModel model)
    {
        var targets = new Dictionary<(string?, FlowKey, int), TargetRows>();
        using var rows = database.Read((string)finding["sql"]!, null);
        var places = Columns.Select(c => rows.Columns.ToList().FindIndex(r => r.Name == c)).ToArray();
        var decision = rows.Columns.ToList().FindIndex(r => r.Name == "decision");
        if (places.Contains(-1))
            return [];

        var direction = finding["direction"] is string word ? FlowClasses.DirectionOf(word) : Direction.Inbound;
        foreach (var row in rows.Read().Where(r => decision < 0 || (string?)r[decision] == "Deny"))
        {
            if (Target([.. places.Select(p => row[p])], direction, model) is not { } target)
                continue;

            var key = (target.Mac, target.Flow, target.Epoch);
            targets[key] = targets.TryGetValue(key, out var known)
                ? known with
                {
                    Rows = known.Rows + 1,
                    FirstSeen = target.FirstSeen < known.FirstSeen ? target.FirstSeen : known.FirstSeen,
                    LastSeen = target.LastSeen > known.LastSeen ? target.LastSeen : known.LastSeen,
                }
                : target;
        }

        return [.. targets.Values.OrderBy(t => t.LastSeen).ThenBy(t => t.Flow.ToString(), StringComparer.Ordinal)];
    }

    private static TargetRows? Target(object?[] cells, Direction direction, NetworkModel model)
    {
        if (!IpAddressKey.TryParse((string?)cells[1], out var source) || !IpAddressKey.TryParse((string?)cells[3], out var destination) || cells[5] is not DateTime time || cells[6] is null)
            return null;

        var port = model.UsesSourcePorts ? Number(cells[2]) : (ushort)0;
        return new TargetRows((string?)cells[0], new FlowKey(direction, Convert.ToByte(cells[6], CultureInfo.InvariantCulture), source, port, destination, Number(cells[4])), model.EpochOf(time), 1, time, time);
    }

    private static ushort Number(object? cell) => cell is null ? (ushort)0 : Convert.ToUInt16(cell, CultureInfo.InvariantCulture);
}
