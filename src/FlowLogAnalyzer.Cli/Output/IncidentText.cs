using System.Globalization;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Incidents;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>Incidents for a person: the worst first, each with its cause and the command to type next.</summary>
internal static class IncidentText
{
    private const int Margin = 9;

    /// <summary>What goes with an incident is told by the first few; `flowlog show` has them all.</summary>
    private const int MostSteps = 5;

    public static void Write(IReadOnlyList<Incident> incidents, string lake, CliHost host)
    {
        foreach (var incident in incidents)
            Write(incident, lake, host);
        host.Out.WriteLine(Closing(incidents));
    }

    public static string Closing(IReadOnlyList<Incident> incidents)
    {
        if (incidents.Count == 0)
            return "No findings.";

        var open = incidents.Count(i => i.State == IncidentState.Open);
        var findings = incidents.Sum(i => i.Findings.Count);
        return $"{Count(incidents.Count, "incident")} of {Count(findings, "finding")}, {open} open.";
    }

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";

    private static void Write(Incident incident, string lake, CliHost host)
    {
        var output = host.Out;
        Paragraph("", $"{FindingJson.Word(incident.Severity).ToUpperInvariant()}  {incident.Title}", host);
        output.WriteLine($"  {incident.Id}, {State(incident)}");
        Paragraph("  ", incident.Cause, host);
        foreach (var step in Steps(incident))
            Paragraph("  " + "also".PadRight(Margin - 2), step, host);
        output.WriteLine($"  {"next".PadRight(Margin - 2)}{CellText.Visible(incident.Next + FindingFacts.LakeOption(lake))}");
        output.WriteLine();
    }

    private static string State(Incident incident) =>
        $"{FindingJson.Word(incident.State)}, {CellText.Time(incident.FirstSeen)} to {CellText.Time(incident.LastSeen)}, confidence {FindingJson.Word(incident.Confidence)}";

    private static IEnumerable<string> Steps(Incident incident)
    {
        var others = incident.Findings.Skip(1).ToList();
        foreach (var finding in others.Take(others.Count > MostSteps ? MostSteps - 1 : MostSteps))
            yield return $"{finding.FirstSeen.ToString("HH:mm", CultureInfo.InvariantCulture)} {finding.Id} {finding.Subject}";
        if (others.Count > MostSteps)
            yield return $"and {others.Count - MostSteps + 1} more";
    }

    private static void Paragraph(string head, string text, CliHost host) =>
        host.Out.WriteLine(head + TextWrap.Wrap(CellText.Visible(text), host.Width, head.Length));
}
