using System.Globalization;
using System.Text.Json;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Logs;

/// <summary>
/// Records of VNet flow logs, version 4 (Azure docs, vnet-flow-logs-overview), with the key order and the full ARM ids in
/// aclID of records since late 2024.
/// </summary>
internal sealed class VnetRecordWriter(string mac) : RecordWriter
{
    private static readonly string FlowLogId = LabIds.FlowLog(LabIds.VnetFlowLog);
    private static readonly string Target = LabIds.Network("virtualNetworks", LabIds.Vnet);

    protected override int Envelope => 330 + FlowLogId.Length + Target.Length;

    protected override int GroupOverhead(in LogRow row) => LabIds.Nsg(row.Gate.Nsg).Length + row.Gate.Rule.Length + 80;

    protected override (string Nsg, string Rule, Direction Direction) GroupKey(in LogRow row) => (row.Gate.Nsg, row.Gate.Rule, row.Direction);

    protected override void WriteRecord(Utf8JsonWriter json, string time, IReadOnlyList<(LogRow Row, string Text)> tuples)
    {
        json.WriteStartObject();
        json.WriteString("time", time);
        json.WriteString("flowLogGUID", LabIds.Guid(FlowLogId));
        json.WriteString("macAddress", mac);
        json.WriteString("category", "FlowLogFlowEvent");
        json.WriteString("flowLogResourceID", FlowLogId.ToUpperInvariant());
        json.WriteString("targetResourceID", Target);
        json.WriteNumber("flowLogVersion", 4);
        json.WriteString("operationName", "FlowLogFlowEvent");
        json.WriteStartObject("flowRecords");
        json.WriteStartArray("flows");
        foreach (var acl in tuples.GroupBy(t => (t.Row.Gate.Nsg, t.Row.Direction)))
            WriteAcl(json, acl.Key.Nsg, acl);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteAcl(Utf8JsonWriter json, string nsg, IEnumerable<(LogRow Row, string Text)> tuples)
    {
        json.WriteStartObject();
        json.WriteString("aclID", LabIds.Nsg(nsg));
        json.WriteStartArray("flowGroups");
        foreach (var rule in tuples.GroupBy(t => t.Row.Gate.Rule))
        {
            json.WriteStartObject();
            json.WriteString("rule", rule.Key);
            WriteTuples(json, rule.Select(t => t.Text));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    protected override string TupleText(in LogRow row)
    {
        var p = row.Packet;
        var direction = row.Direction == Direction.Inbound ? 'I' : 'O';
        var state = row.State switch { FlowState.Continuing => 'C', FlowState.End => 'E', FlowState.Denied => 'D', _ => 'B' };

        // Counters are zero, not empty, on B and D.
        return string.Create(CultureInfo.InvariantCulture,
            $"{row.Milliseconds},{AddressPlan.Text(p.Source)},{AddressPlan.Text(p.Destination)},{p.SourcePort},{p.DestinationPort},{p.Protocol},{direction},{state},NX,{row.PacketsOut},{row.BytesOut},{row.PacketsBack},{row.BytesBack}");
    }
}
