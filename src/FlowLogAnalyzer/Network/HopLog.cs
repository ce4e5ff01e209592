using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Network;

/// <summary>What the logs show for one flow at one NIC.</summary>
internal sealed class HopLog(LakeDatabase database)
{
    public LoggedCounts Of(string mac, in FlowKey flow)
    {
        using var rows = database.Read($"""
            select count(*) filter (where decision = 'Allow'), count(*) filter (where decision = 'Deny'), max(time),
              sorted_set(coalesce(nsg || '/', '') || rule_name)
            from tuples
            where is_new and mac = {SqlText.Literal(mac)} and direction = {SqlText.Literal(flow.Direction.Word() ?? "")} and protocol = {flow.Protocol}
              and src_ip = {SqlText.Literal(flow.Source.ToString())} and dst_ip = {SqlText.Literal(flow.Destination.ToString())} and dst_port = {flow.DestinationPort}
            """, null);
        var row = rows.Read().Single();
        return new LoggedCounts((long)row[0]!, (long)row[1]!, (DateTime?)row[2], row[3] is IEnumerable<object?> rules ? [.. rules.Cast<string>()] : []);
    }
}
