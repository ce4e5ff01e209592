using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Tests.Cli.Output;

public class FindingOutputTests
{
    private static readonly Finding Refused = new()
    {
        Id = "LBC-001",
        Title = "Requests fail on nodes whose NSG denies the client",
        Severity = Severity.High,
        Confidence = Confidence.High,
        Subject = "ingress/web:80 from 10.10.4.4",
        FirstSeen = new DateTime(2026, 11, 16, 9, 20, 0, DateTimeKind.Utc),
        LastSeen = new DateTime(2026, 11, 16, 9, 40, 0, DateTimeKind.Utc),
        Count = 4769,
        Explanation = "The rule \u001b[31mDeny|All\u001b[0m denies <b>10.10.4.4</b>.",
        Evidence =
        [
            new("service", "ingress/web:80"), new("client", "10.10.4.4"), new("nodes", new List<object?> { "node-a", "node-b" }), new("nsg", "nsg-user"),
            new("rule", "UserRule_DenyAll"), new("expectedFailureShare", 2.0 / 3), new("observedFailureShare", 0.66213), new("deniedFlows", 4769L),
            new("sql", "select * from tuples where rule = 'x'"),
        ],
        Limits = ["No flow log covers snet-system."],
        Attack = [new AttackTechnique("T1021.004", "SSH")],
        Fix = new FindingFix("Allow 10.10.4.4 to 10.10.2.100:80 in nsg-user."),
    };

    private static readonly CheckResult Result = new([Refused], [new SkippedFinding("LBP-004", "Probe suspect", "The inventory has no probes.")]);

    [Fact]
    public void The_text_says_where_how_often_what_to_do_and_what_to_type()
    {
        var text = Text();

        Assert.StartsWith("HIGH\n", text, StringComparison.Ordinal);
        Assert.Contains("LBC-001  Requests fail on nodes whose NSG denies the client  (confidence high)", text, StringComparison.Ordinal);
        Assert.Contains("  Where     service ingress/web:80, client 10.10.4.4, nodes node-a, node-b, NSG nsg-user, rule", text, StringComparison.Ordinal);
        Assert.Contains("  Seen      4769 times, 2026-11-16T09:20:00Z to 2026-11-16T09:40:00Z", text, StringComparison.Ordinal);
        Assert.Contains("  Share     66.7 % of new connections should fail, 66.2 % did", text, StringComparison.Ordinal);
        Assert.Contains("  Details   denied flows 4769", text, StringComparison.Ordinal);
        Assert.Contains("  Fix       Allow 10.10.4.4 to 10.10.2.100:80 in nsg-user.", text, StringComparison.Ordinal);
        Assert.Contains("  Limit     No flow log covers snet-system.", text, StringComparison.Ordinal);
        Assert.Contains("  Evidence  flowlog query --lake my.lake --sql \"select * from tuples where rule = 'x'\"", text, StringComparison.Ordinal);
        Assert.EndsWith("1 finding: 1 high.\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_of_a_log_cannot_colour_the_terminal()
    {
        Assert.DoesNotContain('\u001b', Text());
    }

    [Fact]
    public void Commands_in_a_finding_are_those_for_this_lake()
    {
        var finding = Refused with
        {
            Fix = new FindingFix("Copy it. flowlog explain 10.10.4.4 10.10.2.100 80 shows the way; flowlog-like words stay.") { Az = ["az x"], Proof = new FixProof(5, [], 0) },
            Limits = ["`flowlog lake coverage` lists the hours."],
        };

        Assert.Equal(
            [
                "Copy it. flowlog explain --lake \"my lake\" 10.10.4.4 10.10.2.100 80 shows the way; flowlog-like words stay.",
                "by replay, the 1 rule lets 5 of these 5 through, and nothing else that was recorded. flowlog fix LBC-001 --lake \"my lake\" --as az prints them.",
                "`flowlog lake coverage --lake \"my lake\"` lists the hours.",
            ],
            FindingFacts.Of(finding, "my lake").Where(f => f.Name is "Fix" or "Proof" or "Limit").Select(f => f.Text));
        Assert.Contains("`flowlog lake coverage` lists", FindingFacts.Of(finding, "./lake").Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_escapes_markdown_and_html_and_names_what_was_not_looked_for()
    {
        using var output = new StringWriter { NewLine = "\n" };

        await FindingMarkdown.WriteAsync(Result, "my.lake", output);

        Assert.Contains("## LBC-001 Requests fail", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Deny\\|All", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("```sh\nflowlog query --lake my.lake --sql", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("- LBP-004 Probe suspect: The inventory has no probes.", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_not_looked_for_is_short_for_people_and_whole_for_programs()
    {
        SkippedFinding Lacking(int number, params string[] missing) => new($"LAT-{number:000}", "", $"The inventory has {string.Join("; ", missing)}.") { Missing = missing };
        IReadOnlyList<SkippedFinding> skipped = [Lacking(1, "no nodes (a)", "no pods (b)"), Lacking(2, "no nodes (a)"), .. Enumerable.Range(3, 5).Select(i => Lacking(i, "no nodes (a)"))];

        Assert.Equal(
        [
            "Not looked for: 7 findings. The inventory has",
            "  no nodes (a): LAT-001, LAT-002, LAT-003, LAT-004 and 3 more",
            "  no pods (b): LAT-001",
            "Add what there is with `flowlog inventory import`; `flowlog check --output md` says of each finding what it lacks.",
        ], SkippedText.Short(skipped));
        Assert.Equal(7, SkippedText.Each(skipped).Count());
        Assert.Equal("Not looked for: LAT-001. The inventory has no nodes (a); no pods (b).", SkippedText.Each(skipped).First());
        Assert.Empty(SkippedText.Short([]));
    }

    [Fact]
    public void A_suspect_source_is_followed_by_the_command_that_says_what_it_could_reach()
    {
        var scan = Refused with { Id = "LAT-007", Evidence = [.. Refused.Evidence, new("source", "10.10.3.4")] };

        Assert.Equal("flowlog blast-radius 10.10.3.4 --lake my.lake", FindingFacts.NextCommand(scan, "my.lake"));
        Assert.Null(FindingFacts.NextCommand(scan with { Severity = Severity.Info }, "my.lake"));
        Assert.Null(FindingFacts.NextCommand(Refused, "my.lake"));
    }

    [Fact]
    public void The_lake_is_left_out_of_the_command_when_it_is_the_usual_one()
    {
        Assert.StartsWith("flowlog query --sql ", FindingFacts.EvidenceCommand(Refused, GlobalOptions.DefaultLake), StringComparison.Ordinal);
    }

    private static string Text()
    {
        using var output = new StringWriter { NewLine = "\n" };
        FindingText.Write(Result, "my.lake", new CliHost
        {
            Out = output,
            Error = TextWriter.Null,
            OpenInput = () => Stream.Null,
            Clock = TimeProvider.System,
            Variable = _ => null,
            OutIsTerminal = false,
            ErrorIsTerminal = false,
            Width = 100,
        });
        return output.ToString().ReplaceLineEndings("\n");
    }
}
