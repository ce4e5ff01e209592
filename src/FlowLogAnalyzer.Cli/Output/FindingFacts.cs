using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FlowLogAnalyzer.Findings;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>The parts of a finding in words; used by the text and the Markdown of findings.</summary>
internal static partial class FindingFacts
{
    /// <summary>Name and text of everything there is to say about a finding besides its explanation, in reading order. Commands in them are those for this lake.</summary>
    public static IEnumerable<(string Name, string Text)> Of(Finding finding, string lake)
    {
        if (finding.Suppressed is { } suppression)
            yield return ("Suppressed", $"until {suppression.Expires:yyyy-MM-dd}: {suppression.Reason}");
        yield return ("Where", Where(finding));
        yield return ("Seen", Seen(finding));
        if (Shares(finding) is { } shares)
            yield return ("Share", shares);
        if (Details(finding) is { Length: > 0 } details)
            yield return ("Details", details);
        if (finding["coverage"] is string grade)
            yield return ("Coverage", $"{grade}: {Coverage(grade)} of the NICs and hours that this speaks of");
        if (finding.Fix is { } fix)
            yield return ("Fix", WithLake(fix.Summary, lake));
        if (finding.Fix is { Proof: { } proof, Az.Count: > 0 } proved)
            yield return ("Proof", $"by replay, the {proved.Az.Count} {(proved.Az.Count == 1 ? "rule lets" : "rules let")} {proof.Repaired} of these {proof.Repaired + proof.StillDenied} through, and {(proof.AlsoAdmitted.Count == 0 ? "nothing else that was recorded" : $"also: {string.Join("; ", proof.AlsoAdmitted)}")}. flowlog fix {finding.Id}{LakeOption(lake)} --as az prints them.");
        if (finding.Attack.Count > 0)
            yield return ("ATT&CK", string.Join(", ", finding.Attack.Select(a => $"{a.Id} {a.Name}")));
        foreach (var limit in finding.Limits)
            yield return ("Limit", WithLake(limit, lake));
    }

    /// <summary>The command that shows the rows behind a finding; null when it has no SQL.</summary>
    public static string? EvidenceCommand(Finding finding, string lake) => finding["sql"] is string sql
        ? $"flowlog query{LakeOption(lake)} --sql {ShellText.Quote(sql)}"
        : null;

    /// <summary>The command that goes on from a finding; null when there is none.</summary>
    public static string? NextCommand(Finding finding, string lake) => finding.NextCommand is { } command ? command + LakeOption(lake) : null;

    private static string WithLake(string text, string lake) => Command().Replace(text, command => command.Value + LakeOption(lake));

    [GeneratedRegex(@"\bflowlog (check|explain|fix|query|replay|inventory import|lake coverage)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Command();

    public static string LakeOption(string lake) => lake == Hosting.GlobalOptions.DefaultLake ? "" : $" --lake {ShellText.Quote(lake)}";

    public static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string Where(Finding finding)
    {
        string[] keys = ["service", "client", "source", "sourceNode", "destination", "port", "nodes", "nsg", "rule"];
        var known = keys.Where(key => finding[key] is not null && !(key == "source" && Equals(finding["client"], finding["source"]))).Select(key => $"{Words(key)} {Text(finding[key])}").ToList();
        return known.Count == 0 ? finding.Subject : string.Join(", ", known);
    }

    private static string Seen(Finding finding) => finding.Count == 1
        ? $"once, {CellText.Time(finding.FirstSeen)}"
        : $"{finding.Count} times, {CellText.Time(finding.FirstSeen)} to {CellText.Time(finding.LastSeen)}";

    private static string? Shares(Finding finding) => (finding["expectedFailureShare"], finding["observedFailureShare"]) switch
    {
        (double expected, double observed) => $"{Percent(expected)} of new connections should fail, {Percent(observed)} did",
        (null, double observed) => $"{Percent(observed)} of new connections failed",
        (double expected, null) => $"{Percent(expected)} of new connections should fail",
        _ => null,
    };

    private static string Details(Finding finding)
    {
        string[] told = ["service", "client", "source", "sourceNode", "destination", "port", "nodes", "nsg", "rule", "expectedFailureShare", "observedFailureShare", "coverage", "sql"];
        return string.Join(", ", finding.Evidence.Where(e => e.Value is not null && !told.Contains(e.Key)).Select(e => $"{Words(e.Key)} {Text(e.Value)}"));
    }

    private static string Coverage(string grade) => grade switch
    {
        "A" => "nothing is missing in the logs",
        "B" => "the logs have small flaws",
        "C" => "one side is missing in the logs",
        _ => "there are no logs of some",
    };

    private static string Text(object? value) => value switch
    {
        string text => text,
        double number => Math.Round(number, 4).ToString("R", CultureInfo.InvariantCulture),
        IEnumerable list => Some([.. list.Cast<object?>().Select(CellText.Of)]),
        _ => CellText.Of(value),
    };

    /// <summary>The JSON has them all; a person reads the first few.</summary>
    private static string Some(List<string> items) => items.Count <= 4
        ? string.Join(", ", items)
        : $"{string.Join(", ", items.Take(3))} and {items.Count - 3} more";

    /// <summary>camelCase as words.</summary>
    private static string Words(string key)
    {
        if (key is "nsg")
            return "NSG";

        var words = new StringBuilder();
        foreach (var c in key)
            words.Append(char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : c);
        return words.ToString();
    }
}
