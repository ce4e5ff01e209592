using System.Numerics;

namespace FlowLogAnalyzer.Nsg.Evaluation;

/// <summary>What can come out of a level, as bits; more than one bit set means that it is not decided.</summary>
[Flags]
internal enum Outcomes : byte
{
    None = 0,
    Allow = 1,
    Deny = 2,
    AlwaysAllow = 4,
}

/// <summary><paramref name="Rule"/> is the index of the first sure match or -1; undecidable rules before it only add to the outcomes.</summary>
internal readonly record struct TableMatch(int Rule, Outcomes Outcomes, bool IsSure);

/// <summary>The rules of one direction, compiled: a decision is a few binary searches and one AND per 64 rules, without allocation.</summary>
internal sealed class RuleTable
{
    private readonly ResolvedRule[] _rules;
    private readonly Outcomes[] _outcomes;
    private readonly int _words;
    private readonly Dimension<uint> _source4, _destination4;
    private readonly Dimension<UInt128> _source6, _destination6;
    private readonly Dimension<ushort> _sourcePort, _destinationPort;
    private readonly BitRows _protocols;
    private readonly BitRows _withoutPorts;

    /// <param name="rules">In the order of evaluation.</param>
    /// <param name="outcome">What a match of a rule leads to; several bits when the rule's decision is unresolved.</param>
    public RuleTable(IEnumerable<ResolvedRule> rules, Func<ITrafficRule, Outcomes> outcome)
    {
        _rules = [.. rules];
        _outcomes = [.. _rules.Select(r => outcome(r.Rule))];
        ResolvedSide[] sources = [.. _rules.Select(r => r.Source)], destinations = [.. _rules.Select(r => r.Destination)];
        (_source4, _destination4) = (Dimension.IPv4(sources), Dimension.IPv4(destinations));
        (_source6, _destination6) = (Dimension.IPv6(sources), Dimension.IPv6(destinations));
        _sourcePort = Dimension.Ports([.. _rules.Select(r => r.SourcePorts)]);
        _destinationPort = Dimension.Ports([.. _rules.Select(r => r.DestinationPorts)]);
        _protocols = Protocols(_rules);
        _withoutPorts = WithoutPorts(_rules);
        _words = _protocols.Words;
    }

    public ResolvedRule this[int index] => _rules[index];

    public int Count => _rules.Length;

    public TableMatch First(in FlowKey flow)
    {
        var row = RowOf(flow);
        var outcomes = Outcomes.None;
        var sure = true;
        for (var word = 0; word < _words; word++)
        {
            var may = May(row, word);
            if (may == 0)
                continue;

            var certain = Sure(row, word);
            var first = BitOperations.TrailingZeroCount(certain);
            var before = first == 64 ? may : may & ((1UL << first) - 1);
            sure &= before == 0;
            for (; before != 0; before &= before - 1)
                outcomes |= _outcomes[(word << 6) + BitOperations.TrailingZeroCount(before)];
            if (first < 64)
                return new TableMatch((word << 6) + first, outcomes | _outcomes[(word << 6) + first], sure);
        }

        return new TableMatch(-1, outcomes, sure);
    }

    /// <summary>All rules that match, in order of evaluation, with whether that is sure. For explanations, not for bulk work.</summary>
    public IEnumerable<(ResolvedRule Rule, bool Sure)> Matches(FlowKey flow)
    {
        var row = RowOf(flow);
        for (var rule = 0; rule < _rules.Length; rule++)
        {
            var bit = 1UL << (rule & 63);
            if ((May(row, rule >> 6) & bit) != 0)
                yield return (_rules[rule], (Sure(row, rule >> 6) & bit) != 0);
        }
    }

    private ulong Sure(in Row row, int word) =>
        row.SourceRows.Sure[row.Source + word] & row.DestinationRows.Sure[row.Destination + word]
        & row.SourcePortRows.Sure[row.SourcePort + word] & row.DestinationPortRows.Sure[row.DestinationPort + word]
        & _protocols.Sure[row.Protocol + word];

    private ulong May(in Row row, int word) =>
        row.SourceRows.May[row.Source + word] & row.DestinationRows.May[row.Destination + word]
        & row.SourcePortRows.May[row.SourcePort + word] & row.DestinationPortRows.May[row.DestinationPort + word]
        & _protocols.May[row.Protocol + word];

    private Row RowOf(in FlowKey flow)
    {
        var ports = flow.HasPorts;
        return new Row(
            flow.Source.IsIPv6 ? _source6.Rows : _source4.Rows,
            flow.Source.IsIPv6 ? _source6.Offset(flow.Source.Bits) : _source4.Offset(flow.Source.V4),
            flow.Destination.IsIPv6 ? _destination6.Rows : _destination4.Rows,
            flow.Destination.IsIPv6 ? _destination6.Offset(flow.Destination.Bits) : _destination4.Offset(flow.Destination.V4),
            ports ? _sourcePort.Rows : _withoutPorts,
            ports ? _sourcePort.Offset(flow.SourcePort) : 0,
            ports ? _destinationPort.Rows : _withoutPorts,
            ports ? _destinationPort.Offset(flow.DestinationPort) : 0,
            (int)Classify(flow.Protocol) * _words);
    }

    /// <summary>Any stands for the protocols that no rule can name: ICMPv6, SCTP, GRE. NSGs have no ICMPv6 (Azure docs, ipv6-overview).</summary>
    private static RuleProtocol Classify(byte protocol) => protocol switch
    {
        IpProtocols.Tcp => RuleProtocol.Tcp,
        IpProtocols.Udp => RuleProtocol.Udp,
        IpProtocols.Icmp => RuleProtocol.Icmp,
        IpProtocols.Esp => RuleProtocol.Esp,
        IpProtocols.Ah => RuleProtocol.Ah,
        _ => RuleProtocol.Any,
    };

    private static BitRows Protocols(ResolvedRule[] rules)
    {
        var rows = new BitRows(rules.Length);
        for (var protocol = RuleProtocol.Unresolved; protocol <= RuleProtocol.Ah; protocol++)
        {
            rows.Add(index =>
            {
                var rule = rules[index];
                var named = rule.Rule.Protocol;
                var matches = named == RuleProtocol.Any || named == protocol;
                return (matches && rule.HasPlace && named != RuleProtocol.Unresolved, matches || named == RuleProtocol.Unresolved);
            });
        }

        return rows.Seal();
    }

    /// <summary>Whether a rule for any protocol with particular ports matches a protocol without ports is not documented: undecidable.</summary>
    private static BitRows WithoutPorts(ResolvedRule[] rules)
    {
        var rows = new BitRows(rules.Length);
        rows.Add(index =>
        {
            var rule = rules[index];
            return (rule.IgnoresPorts || (rule.SourcePorts.IsAll && rule.DestinationPorts.IsAll), true);
        });
        return rows.Seal();
    }

    private readonly record struct Row(
        BitRows SourceRows, int Source, BitRows DestinationRows, int Destination,
        BitRows SourcePortRows, int SourcePort, BitRows DestinationPortRows, int DestinationPort, int Protocol);
}
