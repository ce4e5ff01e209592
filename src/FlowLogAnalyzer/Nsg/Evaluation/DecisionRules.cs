using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Nsg.Evaluation;

/// <summary>How the answers of the levels become one (Azure docs, network-security-group-how-it-works and concept-security-admins).</summary>
internal static class DecisionRules
{
    public static NsgDecision Combine(Direction direction, AdminLevelResult admin, NsgLevelResult subnet, NsgLevelResult nic)
    {
        var answer = new NsgDecision { Admin = admin, Subnet = subnet, Nic = nic };
        var (first, last) = direction == Direction.Inbound ? (subnet, nic) : (nic, subnet);
        return Possible(admin.Outcomes, first.Outcomes, last.Outcomes) switch
        {
            Outcomes.Deny => Denied(answer, first, last),
            Outcomes.Allow => Allowed(answer, first, last),
            _ => answer,
        };
    }

    /// <summary>Every result that some answer to the undecidable rules would give.</summary>
    private static Outcomes Possible(Outcomes admin, Outcomes first, Outcomes last)
    {
        var possible = Outcomes.None;
        if ((admin & Outcomes.Deny) != Outcomes.None)
            possible |= Outcomes.Deny;
        if ((admin & Outcomes.AlwaysAllow) != Outcomes.None)
            possible |= Outcomes.Allow;
        if ((admin & Outcomes.Allow) == Outcomes.None)
            return possible;

        possible |= (first | last) & Outcomes.Deny;
        return possible | (first & last & Outcomes.Allow);
    }

    private static NsgDecision Denied(in NsgDecision answer, NsgLevelResult first, NsgLevelResult last)
    {
        var adminMayDeny = (answer.Admin.Outcomes & Outcomes.Deny) != Outcomes.None;
        var firstMayDeny = (first.Outcomes & Outcomes.Deny) != Outcomes.None;
        if (answer.Admin.Outcomes == Outcomes.Deny)
            return answer with { Decision = Decision.Deny, DecidingLevel = NsgLevel.Admin, RuleIsSure = answer.Admin.RuleIsSure };
        if (first.Outcomes == Outcomes.Deny)
            return answer with { Decision = Decision.Deny, DecidingLevel = first.Level, RuleIsSure = first.RuleIsSure && !adminMayDeny };
        return answer with { Decision = Decision.Deny, DecidingLevel = last.Level, RuleIsSure = last.RuleIsSure && !firstMayDeny && !adminMayDeny };
    }

    private static NsgDecision Allowed(in NsgDecision answer, NsgLevelResult first, NsgLevelResult last)
    {
        if (answer.Admin.Outcomes == Outcomes.AlwaysAllow)
            return answer with { Decision = Decision.Allow, DecidingLevel = NsgLevel.Admin, RuleIsSure = answer.Admin.RuleIsSure };

        var decider = last.Nsg is not null ? last : first;
        return answer with
        {
            Decision = Decision.Allow,
            DecidingLevel = decider.Nsg is null ? NsgLevel.None : decider.Level,
            RuleIsSure = decider.RuleIsSure && answer.Admin.Outcomes == Outcomes.Allow,
        };
    }
}
