using System.Globalization;
using FlowLogAnalyzer.Cli.Commands;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Nsg.Suggest;
using FlowLogAnalyzer.Reach;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>A blast radius for people and for programs.</summary>
internal static class BlastRadiusOutput
{
    /// <summary>A person reads the first few; the JSON has them all.</summary>
    private const int MostHops = 5;
    private const int MostRows = 20;

    private static readonly string[] Columns = ["reached", "hosts", "tcp", "udp", "services", "within_reach", "never_used", "connections"];
    private static readonly string[] CollateralColumns = ["flows", "from", "to", "port", "used_for", "aks_requires"];

    public static async Task WriteAsync(BlastRadius radius, Invocation call, CancellationToken ct)
    {
        if (call.Format == OutputFormat.Json)
            await RecordJson.WriteAsync(BlastRadiusView.Of(radius), call.Host);
        else if (!await ReplayCommand.WroteDataAsync(call, radius, Columns, radius.Reached.Select(Row), ct))
            await Page(radius).WriteAsync(call, ct);
    }

    private static ReportPage Page(BlastRadius radius)
    {
        var page = new ReportPage();
        page.Heading($"What {radius.Suspect} could reach");
        page.Say(Summary(radius));
        page.Table(Columns, radius.Reached.Select(Row));
        if (radius.NextHops.Count > 0)
        {
            page.Heading("What could be reached from there, and not from here");
            page.Bullets(radius.NextHops.Take(MostHops).Select(h => $"From {Some(h.Via)}: {string.Join(", ", h.Gains)}."));
            if (radius.NextHops.Count > MostHops)
                page.Say($"And {radius.NextHops.Count - MostHops} other ways; --output json has them all.");
        }

        foreach (var containment in radius.Containments)
            Add(page, containment);
        page.Heading("What this cannot show");
        page.Bullets(radius.Limits);
        return page;
    }

    private static string Summary(BlastRadius radius) => radius.HostsReached == 0 && radius.Reached.Count == 0
        ? $"Nothing: by the rules of {CellText.Time(radius.At)} it may open no connection to any of {radius.Hosts} hosts, and none to the internet."
        : $"By the rules of {CellText.Time(radius.At)} it may open connections to {radius.HostsReached} of {radius.Hosts} hosts{(radius.Reached.Any(r => r.Group == "the internet") ? " and to the internet" : "")}. "
            + (radius.NeverUsedShare is { } share
                ? $"{radius.ServicesReached} services are known to listen there, and the log shows no connection from it to {radius.Reached.Sum(r => r.NeverUsed)} of them ({FindingFacts.Percent(share)})."
                : "Nothing is known to listen there.");

    private static void Add(ReportPage page, Containment containment)
    {
        page.Heading($"Cutting it off {containment.Where}");
        if (containment.Rules.Count > 0)
        {
            page.Say($"With {(containment.Rules.Count == 1 ? "this rule" : $"these {containment.Rules.Count} rules")}, {(containment.StillOpen.Count == 0 ? "nothing stays open to it on other hosts" : $"{string.Join(", ", containment.StillOpen)} stay open to it ({containment.StillReachable} services known)")}. "
                + $"By replay, {containment.Collateral.Sum(c => c.Flows)} recorded connections would have been refused: {containment.Legitimate} of them are for something known, and {containment.RequiredByAks} are on paths that AKS requires to be open.");
            page.Bullets(containment.Effects);
            page.Table(CollateralColumns, containment.Collateral.Take(MostRows).Select(c => (IReadOnlyList<object?>)[c.Flows, c.Source, c.Destination, $"{c.Port}/{c.Protocol}", c.UsedFor, c.Required]));
            if (containment.Collateral.Count > MostRows)
                page.Say($"And {containment.Collateral.Count - MostRows} other kinds of connection; --output json has them all.");
            page.Code(RuleSuggestionText.Write(containment.Rules, SuggestionForm.Az).TrimEnd('\n'));
        }

        page.Bullets(containment.ByHand);
    }

    private static IReadOnlyList<object?> Row(ReachedGroup group) =>
        [group.Group, Some(group.Hosts), group.Tcp, group.Udp, string.Join(", ", group.Services), group.Reachable, group.NeverUsed, group.Connections];

    private static string Some(IReadOnlyList<string> names) => names.Count <= 4 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(3))} and {(names.Count - 3).ToString(CultureInfo.InvariantCulture)} more";
}

