using System.Globalization;
using System.Text.Json;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Nsg.Import;

/// <summary>
/// Reads the fields of a rule. <c>resolve</c> turns template expressions into values where it can; what stays unresolved is
/// named in the notes and makes the rule undecidable.
/// </summary>
internal sealed class RuleFields(Func<JsonElement, JsonElement> resolve, List<string> notes)
{
    public static JsonElement AsIs(JsonElement value) => value;

    /// <summary>A rule of an NSG from ARM, az or PowerShell JSON; <paramref name="place"/> is for notes.</summary>
    public NsgRule Read(JsonElement element, bool isDefault, string place)
    {
        var body = element.Body();
        var name = JsonNames.LastSegment(RuleNames.Strip(Text(element, "name") ?? Text(body, "name") ?? "unnamed"));
        var here = $"rule '{name}' of {place}";
        var rule = new NsgRule
        {
            Name = name,
            Priority = Priority(body, here),
            Direction = DirectionOf(Text(body, "direction"), here),
            Decision = DecisionOf(Text(body, "access"), here),
            Protocol = ProtocolOf(Text(body, "protocol"), here),
            Source = Side(body, "source"),
            Destination = Side(body, "destination"),
            IsDefault = isDefault,
            Description = Text(body, "description"),
        };
        NoteUnresolved(rule, here);
        return rule;
    }

    public string? Text(JsonElement element, string name) => element.Get(name) is { } value ? JsonNames.Text(resolve(value)) : null;

    public RuleSide Side(JsonElement body, string side) => new()
    {
        Prefixes = Texts(body, side + "AddressPrefix", side + "AddressPrefixes"),
        Asgs = body.Items(side + "ApplicationSecurityGroups").Select(a => Text(a, "id")).OfType<string>().ToEquatableList(),
        Ports = Texts(body, side + "PortRange", side + "PortRanges"),
    };

    /// <summary>Singular and plural together: exports leave one of them empty, PowerShell puts a list into the singular.</summary>
    public EquatableList<string> Texts(JsonElement body, params string[] names)
    {
        var texts = new List<string>();
        foreach (var name in names)
        {
            if (body.Get(name) is { } value)
                AddTexts(resolve(value), texts);
        }

        return texts.Where(t => t.Length > 0).Distinct(StringComparer.Ordinal).ToEquatableList();
    }

    public int Priority(JsonElement body, string here)
    {
        if (int.TryParse(Text(body, "priority"), NumberStyles.None, CultureInfo.InvariantCulture, out var priority) && priority > 0)
            return priority;

        notes.Add($"The priority of {here} is missing or not resolved ('{Text(body, "priority")}'): whatever the rule matches stays undecided.");
        return NsgRule.UnresolvedPriority;
    }

    public Direction DirectionOf(string? text, string here)
    {
        if ("Inbound".Equals(text, StringComparison.OrdinalIgnoreCase))
            return Direction.Inbound;
        if ("Outbound".Equals(text, StringComparison.OrdinalIgnoreCase))
            return Direction.Outbound;

        notes.Add($"The direction of {here} is missing or not resolved ('{text}'): whatever the rule matches stays undecided.");
        return Direction.Unknown;
    }

    public RuleProtocol ProtocolOf(string? text, string here)
    {
        var protocol = text?.ToUpperInvariant() switch
        {
            "*" or "ANY" or "ALL" => RuleProtocol.Any,
            "TCP" or "6" => RuleProtocol.Tcp,
            "UDP" or "17" => RuleProtocol.Udp,
            "ICMP" or "1" => RuleProtocol.Icmp,
            "ESP" or "50" => RuleProtocol.Esp,
            "AH" or "51" => RuleProtocol.Ah,
            _ => RuleProtocol.Unresolved,
        };
        if (protocol == RuleProtocol.Unresolved)
            notes.Add($"The protocol of {here} is missing or not resolved ('{text}'): whatever the rule matches stays undecided.");
        return protocol;
    }

    private Decision DecisionOf(string? text, string here)
    {
        if ("Allow".Equals(text, StringComparison.OrdinalIgnoreCase))
            return Decision.Allow;
        if ("Deny".Equals(text, StringComparison.OrdinalIgnoreCase))
            return Decision.Deny;

        notes.Add($"Whether {here} allows or denies is missing or not resolved ('{text}'): whatever the rule matches stays undecided.");
        return Decision.Unknown;
    }

    private void NoteUnresolved(NsgRule rule, string here)
    {
        foreach (var (side, word) in new[] { (rule.Source, "source"), (rule.Destination, "destination") })
        {
            foreach (var text in side.Prefixes.Concat(side.Asgs).Where(IsExpression))
                notes.Add($"The {word} '{text}' of {here} is an expression that was not resolved: the rule cannot be decided where it matters.");
            foreach (var text in side.Ports.Where(p => !PortRange.TryParse(p, out _)))
                notes.Add($"The {word} port '{text}' of {here} is no port or range: the rule cannot be decided where it matters.");
            if (side.Prefixes.Count + side.Asgs.Count == 0)
                notes.Add($"The {word} address of {here} is empty or not known: the rule cannot be decided where it matters.");
            if (side.Ports.Count == 0)
                notes.Add($"The {word} port of {here} is empty or not known: the rule cannot be decided where it matters.");
        }
    }

    private static bool IsExpression(string text) => text.StartsWith('[');

    private void AddTexts(JsonElement value, List<string> texts)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
                AddTexts(resolve(item), texts);
        }
        else if (JsonNames.Text(value) is { } text)
        {
            texts.Add(text.Trim());
        }
    }
}
