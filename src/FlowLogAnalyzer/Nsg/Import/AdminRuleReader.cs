using System.Text.Json;

namespace FlowLogAnalyzer.Nsg.Import;

/// <summary>Reads security admin rules as <c>az network manager ... rule list</c> and ARM write them.</summary>
internal static class AdminRuleReader
{
    public static bool IsAdminRule(JsonElement element)
    {
        var body = element.Body();
        return body.Has("access") && body.Has("direction") && (body.Has("sources") || body.Has("destinations"));
    }

    public static SecurityAdminRule Read(JsonElement element, List<string> notes)
    {
        var body = element.Body();
        var fields = new RuleFields(RuleFields.AsIs, notes);
        var name = element.Text("name") ?? element.Text("displayName") ?? "unnamed";
        var here = $"security admin rule '{name}'";
        return new SecurityAdminRule
        {
            Name = name,
            Id = element.Text("id") ?? "",
            Priority = fields.Priority(body, here),
            Direction = fields.DirectionOf(body.Text("direction"), here),
            Decision = DecisionOf(body.Text("access"), here, notes),
            Protocol = fields.ProtocolOf(body.Text("protocol"), here),
            Source = Side(body, "source", fields),
            Destination = Side(body, "destination", fields),
        };
    }

    /// <summary>An empty list means any, unlike in an NSG rule.</summary>
    private static RuleSide Side(JsonElement body, string side, RuleFields fields)
    {
        var prefixes = body.Items(side + "s").Select(s => s.Text("addressPrefix")).OfType<string>().ToEquatableList();
        var ports = fields.Texts(body, side + "PortRanges");
        return new RuleSide { Prefixes = prefixes.Count == 0 ? ["*"] : prefixes, Ports = ports.Count == 0 ? ["*"] : ports };
    }

    private static AdminDecision DecisionOf(string? text, string here, List<string> notes)
    {
        if (Enum.TryParse<AdminDecision>(text, ignoreCase: true, out var decision) && decision != AdminDecision.Unresolved)
            return decision;

        notes.Add($"What {here} does is missing or unknown ('{text}'; expected Allow, AlwaysAllow or Deny): whatever it matches stays undecided.");
        return AdminDecision.Unresolved;
    }
}
