using CsCheck;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Incidents;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Tests.Incidents;

public class IncidentBuilderTests
{
    private static readonly DateTime Nine = new(2026, 11, 16, 9, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Both_outages_of_a_service_are_two_incidents_with_what_explains_them()
    {
        var incidents = IncidentBuilder.Join(
            [
                Found("LBC-001", Severity.Critical, 20, 40, ("service", "shop/web"), ("nsg", "nsg-user")),
                Found("LBC-001", Severity.Critical, 20, 40, ("service", "shop/web"), ("nsg", "nsg-system")),
                Found("LBP-002", Severity.Medium, 0, 20, ("service", "shop/web"), ("nsg", "nsg-ingress")),
                Found("LBC-005", Severity.Info, 0, 20, ("service", "shop/web"), ("nsg", "nsg-ingress")),
                Found("LAT-009", Severity.Info, 0, 29, ("source", "10.0.0.9"), ("nsg", "nsg-ingress")),
                Found("LAT-009", Severity.Info, 0, 29, ("source", "10.0.0.9"), ("nsg", "nsg-user")),
            ],
            Nine.AddMinutes(60));

        Assert.Equal(
            ["Requests to shop/web fail: LBC-001 LAT-009 LBC-001", "Backends of shop/web fail their health probes: LBP-002 LAT-009 LBC-005"],
            incidents.Select(i => $"{i.Title}: {string.Join(' ', i.Findings.Select(f => f.Id))}"));
    }

    [Fact]
    public void All_that_one_source_does_is_one_incident_in_the_order_of_time()
    {
        var incident = Assert.Single(IncidentBuilder.Join(
            [
                Found("LAT-009", Severity.High, 24, 25, ("source", "10.0.0.4"), ("sourceNode", "node-a")),
                Found("LAT-003", Severity.Critical, 6, 8, ("source", "10.0.0.4"), ("sourceNode", "node-a")),
                Found("LAT-007", Severity.High, 5, 8, ("source", "10.0.0.4"), ("sourceNode", "node-a")),
            ],
            Nine.AddMinutes(26)));

        Assert.Equal("LAT-003 LAT-007 LAT-009", string.Join(' ', incident.Findings.Select(f => f.Id)));
        Assert.Equal("flowlog blast-radius 10.0.0.4", incident.Next);
        Assert.Equal((Nine.AddMinutes(5), "node-a"), (incident.FirstSeen, incident.Subject));
    }

    [Theory]
    [InlineData(44, "Open")]
    [InlineData(46, "Over")]
    public void What_was_seen_shortly_before_the_end_still_goes_on(int end, string state)
    {
        var incident = Assert.Single(IncidentBuilder.Join([Found("LBC-001", Severity.High, 20, 40, ("service", "shop/web"))], Nine.AddMinutes(end)));

        Assert.Equal(state, incident.State.ToString());
    }

    [Fact]
    public void A_rule_stays_open_however_long_ago_it_was_seen()
    {
        Assert.Equal(IncidentState.Open, Assert.Single(IncidentBuilder.Join([Found("NSG-002", Severity.Low, 0, 1, ("nsg", "nsg-user"))], Nine.AddDays(1))).State);
    }

    [Fact]
    public void An_incident_keeps_its_id_while_it_goes_on()
    {
        var (early, late) = (Found("LBC-001", Severity.High, 20, 40, ("service", "shop/web")), Found("LBC-002", Severity.Critical, 90, 99, ("service", "shop/web")));

        Assert.Equal(IncidentBuilder.Join([early], null).Single().Id, IncidentBuilder.Join([early, late], Nine).Single().Id);
        Assert.NotEqual(IncidentBuilder.Join([early], null).Single().Id, IncidentBuilder.Join([Found("LBC-001", Severity.High, 20, 40, ("service", "shop/cart"))], null).Single().Id);
    }

    [Fact]
    public void What_somebody_decided_to_live_with_is_no_incident()
    {
        Assert.Empty(IncidentBuilder.Join([Found("LBC-001", Severity.High, 20, 40) with { Suppressed = new("LBC-001", "*", "known", Nine.AddDays(9)) }], null));
    }

    [Fact]
    public void Every_finding_is_in_exactly_one_incident_whatever_their_order()
    {
        string[] ids = ["LBC-001", "LBC-004", "LBC-009", "LBP-001", "LBP-005", "LAT-009", "LAT-003", "EGR-003", "EGR-007", "NSG-001", "OBS-001"];
        var finding =
            from id in Gen.OneOf(ids)
            from severity in Gen.Enum<Severity>()
            from start in Gen.Int[0, 50]
            from length in Gen.Int[0, 30]
            from service in Gen.OneOf<string?>(null, "shop/web", "shop/cart")
            from nsg in Gen.OneOf<string?>(null, "nsg-user", "nsg-system")
            from source in Gen.OneOf<string?>(null, "10.0.0.4", "10.0.0.5")
            select Found(id, severity, start, start + length, ("service", service), ("nsg", nsg), ("source", source));

        finding.List[0, 30].Sample(findings =>
        {
            var incidents = IncidentBuilder.Join(findings, Nine.AddMinutes(60));
            var turned = IncidentBuilder.Join(Enumerable.Reverse(findings), Nine.AddMinutes(60));

            Assert.Equal(findings.Count, incidents.Sum(i => i.Findings.Count));
            Assert.True(findings.ToHashSet(ReferenceEqualityComparer.Instance).SetEquals(incidents.SelectMany(i => i.Findings)));
            Assert.Equal(incidents.Count, incidents.Select(i => i.Id).Distinct().Count());
            Assert.Equal(incidents.Select(i => (i.Id, i.Severity, i.Findings.Count)), turned.Select(i => (i.Id, i.Severity, i.Findings.Count)));
        });
    }

    private static Finding Found(string id, Severity severity, int from, int to, params (string Key, string? Value)[] evidence) => new()
    {
        Id = id,
        Title = $"Title of {id}",
        Severity = severity,
        Confidence = Confidence.High,
        Subject = "subject",
        FirstSeen = Nine.AddMinutes(from),
        LastSeen = Nine.AddMinutes(to),
        Count = 12,
        Explanation = $"What {id} says.",
        Evidence = [.. evidence.Where(e => e.Value is not null).Select(e => new KeyValuePair<string, object?>(e.Key, e.Value)), new("sql", "select 1")],
    };
}
