using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>The options that say how a scenario is simulated.</summary>
internal sealed class LabOptionSet
{
    private static readonly Dictionary<string, LogFormat> Formats = new(StringComparer.Ordinal)
    {
        ["nsg-v1"] = LogFormat.NsgV1,
        ["nsg-v2"] = LogFormat.NsgV2,
        ["vnet"] = LogFormat.VnetV4,
    };

    private static readonly Dictionary<string, LabCni> Networks = new(StringComparer.Ordinal)
    {
        ["kubenet"] = LabCni.Kubenet,
        ["overlay"] = LabCni.Overlay,
        ["node-subnet"] = LabCni.NodeSubnet,
    };

    private readonly Option<string> _format = new("--format")
    {
        Description = "Layout of the flow logs: nsg-v1, nsg-v2 or vnet; default: nsg-v2.",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "nsg-v2",
    };

    private readonly Option<string> _cni = new("--cni")
    {
        Description = "How pods get their addresses: kubenet, overlay or node-subnet; default: kubenet.",
        HelpName = "CNI",
        DefaultValueFactory = _ => "kubenet",
    };

    private readonly Option<int?> _minutes = new Option<int?>("--minutes") { Description = "Length of the simulation; default: the scenario's own.", HelpName = "N" }.AcceptOnlyFrom(1, 1440);

    private readonly Option<ulong> _seed = new Option<ulong>("--seed")
    {
        Description = "Seed of the random numbers: the same seed gives the same bytes; default: 1.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    }.AcceptOnlyFrom(0UL, ulong.MaxValue);

    private readonly Option<string?> _start = new("--start") { Description = $"First simulated instant: {TimeExpression.Forms}.", HelpName = "TIME" };

    public LabOptionSet()
    {
        _format.AcceptOnlyFromAmong([.. Formats.Keys]);
        _cni.AcceptOnlyFromAmong([.. Networks.Keys]);
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _format, _cni, _minutes, _seed, _start })
            command.Options.Add(option);
    }

    public LabOptions Read(Invocation call) => new()
    {
        Format = Formats[call.Get(_format)!],
        Cni = Networks[call.Get(_cni)!],
        Minutes = call.Get(_minutes),
        Seed = call.Get(_seed),
        Start = call.Time(_start) is { } start ? new DateTimeOffset(start, TimeSpan.Zero) : LabOptions.DefaultStart,
    };
}
