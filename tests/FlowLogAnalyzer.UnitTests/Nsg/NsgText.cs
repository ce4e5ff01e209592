using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Evaluation;

namespace FlowLogAnalyzer.Tests.Nsg;

/// <summary>Short spellings for tests: <c>"deny-web 200 in deny Tcp VirtualNetwork > 10.0.0.4/32|80,443"</c> and <c>"in tcp 10.0.0.5:50000 > 10.0.0.4:80"</c>.</summary>
internal static class NsgText
{
    public static NetworkSecurityGroup Nsg(string name, params string[] rules) => new() { Name = name, Rules = rules.Select(Rule).ToEquatableList() };

    public static NsgRule Rule(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new NsgRule
        {
            Name = words[0],
            Priority = int.Parse(words[1]),
            Direction = words[2] == "in" ? Direction.Inbound : Direction.Outbound,
            Decision = words[3] == "allow" ? Decision.Allow : Decision.Deny,
            Protocol = words[4] == "*" ? RuleProtocol.Any : Enum.Parse<RuleProtocol>(words[4]),
            Source = Side(words[5]),
            Destination = Side(words[7]),
        };
    }

    public static SecurityAdminRule AdminRule(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new SecurityAdminRule
        {
            Name = words[0],
            Priority = int.Parse(words[1]),
            Direction = words[2] == "in" ? Direction.Inbound : Direction.Outbound,
            Decision = Enum.Parse<AdminDecision>(words[3], ignoreCase: true),
            Protocol = words[4] == "*" ? RuleProtocol.Any : Enum.Parse<RuleProtocol>(words[4]),
            Source = Side(words[5]),
            Destination = Side(words[7]),
        };
    }

    public static FlowKey Flow(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (source, sourcePort) = Endpoint(words[2]);
        var (destination, destinationPort) = Endpoint(words[4]);
        var protocol = words[1] switch { "tcp" => 6, "udp" => 17, "icmp" => 1, "icmpv6" => 58, "esp" => 50, "ah" => 51, "sctp" => 132, var number => int.Parse(number) };
        return new FlowKey(words[0] == "in" ? Direction.Inbound : Direction.Outbound, (byte)protocol, source, sourcePort, destination, destinationPort);
    }

    public static IpAddressKey Address(string text) =>
        IpAddressKey.TryParse(text, out var key) ? key : throw new ArgumentException($"'{text}' is no address.", nameof(text));

    /// <summary>"Deny Subnet UserRule_x", "Allow Platform", "Undecided": what a test compares.</summary>
    public static string Answer(NsgDecision decision)
    {
        if (!decision.IsDecided)
            return "Undecided";

        var rule = decision.DecidingLevel == NsgLevel.Admin ? decision.Admin.Rule?.Name : decision.Rule?.LogName;
        return $"{decision.Decision} {decision.DecidingLevel}{(rule is null ? "" : " " + rule)}{(decision.RuleIsSure ? "" : " (rule not sure)")}";
    }

    private static RuleSide Side(string text)
    {
        var parts = text.Split('|');
        var names = parts[0].Split(',');
        return new RuleSide
        {
            Prefixes = names.Where(n => !n.StartsWith("asg:", StringComparison.Ordinal)).ToEquatableList(),
            Asgs = names.Where(n => n.StartsWith("asg:", StringComparison.Ordinal)).Select(n => n[4..]).ToEquatableList(),
            Ports = parts.Length > 1 ? parts[1].Split(',').ToEquatableList() : ["*"],
        };
    }

    private static (IpAddressKey Address, ushort Port) Endpoint(string text)
    {
        if (text.StartsWith('['))
        {
            var close = text.IndexOf(']');
            return (Address(text[1..close]), close + 1 < text.Length ? ushort.Parse(text[(close + 2)..]) : (ushort)0);
        }

        var colon = text.IndexOf(':');
        return colon < 0 ? (Address(text), (ushort)0) : (Address(text[..colon]), ushort.Parse(text[(colon + 1)..]));
    }
}
