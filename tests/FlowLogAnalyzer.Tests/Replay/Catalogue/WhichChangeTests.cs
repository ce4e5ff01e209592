using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Tests.Analysis;

namespace FlowLogAnalyzer.Tests.Replay.Catalogue;

/// <summary>Which change broke it: what the evidence of a refusal says about the time before it.</summary>
public sealed class WhichChangeTests : IDisposable
{
    private readonly EngineCluster _cluster = new();

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void Two_exports_show_the_rule_that_is_gone()
    {
        _cluster.RulesFrom(300, "nsg-user", n => n.Without("AllowClientsToFrontend"));

        var finding = Refused(allowedBefore: true);

        Assert.Equal(LakeBuilder.Start.AddSeconds(300), finding["changedAt"]);
        Assert.Contains("nsg-user has other rules: rule AllowClientsToFrontend (priority 110, Allow) removed", (string)finding["change"]!, StringComparison.Ordinal);
        Assert.Null(finding["changedBy"]);
    }

    [Fact]
    public void With_the_Activity_Log_the_change_has_its_own_time_and_a_name()
    {
        _cluster.RulesFrom(600, "nsg-user", n => n.Without("AllowClientsToFrontend")).Wrote(290, "nsg-user", "AllowClientsToFrontend", "anna@shop.example");

        var finding = Refused(allowedBefore: true);

        Assert.Equal((LakeBuilder.Start.AddSeconds(290), "anna@shop.example"), (finding["changedAt"], finding["changedBy"]));
        Assert.Equal("Microsoft.Network/networkSecurityGroups/securityRules/write", finding["operation"]);
    }

    [Fact]
    public void One_export_and_the_Activity_Log_are_enough_when_the_logs_show_the_turn()
    {
        _cluster.Rules("nsg-user", n => n.Without("AllowClientsToFrontend")).Wrote(290, "nsg-user", "AllowClientsToFrontend", "anna@shop.example").Wrote(290, "nsg-system", "Other", "ben@shop.example");

        var finding = Refused(allowedBefore: true);

        Assert.Equal((LakeBuilder.Start.AddSeconds(290), "anna@shop.example"), (finding["changedAt"], finding["changedBy"]));
        Assert.Contains("let in until 2026-11-20T10:04:59Z and refused from 2026-11-20T10:05:00Z on", (string)finding["change"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_at_another_time_is_not_blamed()
    {
        _cluster.Rules("nsg-user", n => n.Without("AllowClientsToFrontend")).Wrote(100, "nsg-user", "AllowClientsToFrontend", "anna@shop.example");

        var finding = Refused(allowedBefore: true);

        Assert.Null(finding["changedBy"]);
        Assert.Contains("No export of the NSGs or of the Activity Log shows what changed in between", (string)finding["change"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_refused_from_the_beginning_has_no_change()
    {
        _cluster.Rules("nsg-user", n => n.Without("AllowClientsToFrontend")).Wrote(290, "nsg-user", "AllowClientsToFrontend", "anna@shop.example");

        var finding = Refused(allowedBefore: false);

        Assert.Equal((null, null), (finding["changedAt"], finding["change"]));
    }

    /// <summary>The client at two nodes for ten minutes; from minute five on, the user node refuses it.</summary>
    private Finding Refused(bool allowedBefore)
    {
        _cluster.Clients("ingress", (0, 600)).Clients("user", (300, 300), deny: true);
        if (allowedBefore)
            _cluster.Clients("user", (0, 300));
        return _cluster.Check("LBC-001").First(f => f["nsg"] as string == "nsg-user");
    }
}
