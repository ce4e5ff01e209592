using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Incidents;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>Incidents in the format asked for.</summary>
internal static class IncidentOutput
{
    private static readonly string[] Columns =
        ["id", "kind", "state", "severity", "confidence", "title", "subject", "first_seen", "last_seen", "cause", "next", "findings"];

    public static async Task WriteAsync(IReadOnlyList<Incident> incidents, Invocation call, CancellationToken ct)
    {
        switch (call.Format)
        {
            case OutputFormat.Table:
                IncidentText.Write(incidents, call.LakeName, call.Host);
                break;
            case OutputFormat.Json:
                await call.Host.Out.WriteLineAsync(JsonOutput.Text(
                    json =>
                    {
                        json.WriteStartArray();
                        foreach (var incident in incidents)
                            IncidentJson.Write(json, incident);
                        json.WriteEndArray();
                    },
                    indented: true));
                break;
            case OutputFormat.JsonLines:
                foreach (var incident in incidents)
                    await call.Host.Out.WriteLineAsync(JsonOutput.Text(json => IncidentJson.Write(json, incident)));
                break;
            default:
                await call.WriteAsync(ResultSet.Of(Columns, incidents.Select(Row)), ct);
                break;
        }
    }

    private static IReadOnlyList<object?> Row(Incident incident) =>
    [
        incident.Id, IncidentJson.Kind(incident.Kind), FindingJson.Word(incident.State), FindingJson.Word(incident.Severity), FindingJson.Word(incident.Confidence),
        incident.Title, incident.Subject, incident.FirstSeen, incident.LastSeen, incident.Cause, incident.Next, incident.Findings.Select(f => (object?)f.Id).ToList(),
    ];
}
