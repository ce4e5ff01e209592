using System.Text.Json;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Incidents;

/// <summary>Writes an incident as JSON: keys in a fixed order, the findings beneath in the form of <see cref="FindingJson"/>.</summary>
public static class IncidentJson
{
    public static void Write(Utf8JsonWriter writer, Incident incident)
    {
        writer.WriteStartObject();
        writer.WriteString("id", incident.Id);
        writer.WriteString("kind", Kind(incident.Kind));
        writer.WriteString("state", FindingJson.Word(incident.State));
        writer.WriteString("severity", FindingJson.Word(incident.Severity));
        writer.WriteString("confidence", FindingJson.Word(incident.Confidence));
        writer.WriteString("title", incident.Title);
        writer.WriteString("subject", incident.Subject);
        writer.WriteString("firstSeen", SqlText.Iso(incident.FirstSeen));
        writer.WriteString("lastSeen", SqlText.Iso(incident.LastSeen));
        writer.WriteString("cause", incident.Cause);
        writer.WriteString("next", incident.Next);
        writer.WriteStartArray("findings");
        foreach (var finding in incident.Findings)
            FindingJson.Write(writer, finding);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>How kinds are spelled in every output.</summary>
    public static string Kind(IncidentKind kind) => kind == IncidentKind.BlindSpot ? "blind spot" : FindingJson.Word(kind);
}
