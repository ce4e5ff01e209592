using System.Globalization;
using System.Text.Json;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Logs;

/// <summary>Records of NSG flow logs, version 1 and 2 (Azure docs, nsg-flow-logs-overview); keys in the order Azure writes them.</summary>
internal sealed class NsgRecordWriter(string nsg, string mac, int version) : RecordWriter
{
    private readonly string _resourceId = LabIds.Nsg(nsg).ToUpperInvariant();
    private readonly string _systemId = LabIds.Guid(LabIds.Nsg(nsg));

    protected override int Envelope => 290 + _resourceId.Length;

    protected override int GroupOverhead(in LogRow row) => row.Gate.Rule.Length + 75;

    protected override (string Nsg, string Rule, Direction Direction) GroupKey(in LogRow row) => (nsg, row.Gate.Rule, Direction.Unknown);

    protected override void WriteRecord(Utf8JsonWriter json, string time, IReadOnlyList<(LogRow Row, string Text)> tuples)
    {
        json.WriteStartObject();
        json.WriteString("time", time);
        json.WriteString("systemId", _systemId);
        json.WriteString("macAddress", mac);
        json.WriteString("category", "NetworkSecurityGroupFlowEvent");
        json.WriteString("resourceId", _resourceId);
        json.WriteString("operationName", "NetworkSecurityGroupFlowEvents");
        json.WriteStartObject("properties");
        json.WriteNumber("Version", version);
        json.WriteStartArray("flows");
        foreach (var rule in tuples.GroupBy(t => t.Row.Gate.Rule))
        {
            json.WriteStartObject();
            json.WriteString("rule", rule.Key);
            json.WriteStartArray("flows");
            json.WriteStartObject();
            json.WriteString("mac", mac);
            WriteTuples(json, rule.Select(t => t.Text));
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    protected override string TupleText(in LogRow row)
    {
        var p = row.Packet;
        var protocol = p.Protocol == Packet.Tcp ? 'T' : 'U';
        var direction = row.Direction == Direction.Inbound ? 'I' : 'O';
        var decision = row.Gate.Allowed ? 'A' : 'D';
        var head = string.Create(CultureInfo.InvariantCulture,
            $"{row.Milliseconds / 1000},{AddressPlan.Text(p.Source)},{AddressPlan.Text(p.Destination)},{p.SourcePort},{p.DestinationPort},{protocol},{direction},{decision}");
        if (version == 1)
            return head;

        // A denied flow has state B in these logs, and B has empty counters.
        return row.State switch
        {
            FlowState.Continuing => string.Create(CultureInfo.InvariantCulture, $"{head},C,{row.PacketsOut},{row.BytesOut},{row.PacketsBack},{row.BytesBack}"),
            FlowState.End => string.Create(CultureInfo.InvariantCulture, $"{head},E,{row.PacketsOut},{row.BytesOut},{row.PacketsBack},{row.BytesBack}"),
            _ => head + ",B,,,,",
        };
    }
}
