using System.CommandLine;
using FlowLogAnalyzer.Cli.Commands;

namespace FlowLogAnalyzer.Cli.Hosting;

/// <summary>All verbs; docs/cli.md is generated from this tree.</summary>
internal static class CommandTree
{
    /// <summary>Options are shared by all trees and remember each command that has them: one tree is put together at a time.</summary>
    private static readonly Lock Building = new();

    public static RootCommand Build(CliHost host)
    {
        lock (Building)
            return BuildAlone(host);
    }

    private static RootCommand BuildAlone(CliHost host)
    {
        var root = new RootCommand(
            "Reads Azure NSG and VNet flow logs of an AKS cluster and says in sentences, with evidence, why load-balancer probes break, "
            + "why some requests fail and who moves sideways. All times are UTC.");
        root.Options.Add(GlobalOptions.Lake);
        root.Options.Add(GlobalOptions.ConnectionString);
        root.Options.Add(GlobalOptions.Output);
        foreach (var verb in Verbs(host))
            root.Subcommands.Add(verb);

        HelpWithExamples.AddTo(root);
        return root;
    }

    private static IEnumerable<Command> Verbs(CliHost host) =>
    [
        DemoCommand.Create(host),
        LabCommand.Create(host),
        IngestCommand.Create(host),
        WorkerCommand.Create(host),
        InventoryCommands.Create(host),
        CheckCommand.Create(host),
        IncidentsCommand.Create(host),
        ShowCommand.Create(host),
        EvidenceCommand.Create(host),
        ExplainCommand.Create(host),
        FixCommand.Create(host),
        ReplayCommand.Create(host),
        QueryCommand.Create(host),
        GraphCommand.Create(host),
        BlastRadiusCommand.Create(host),
        SqlCommand.Create(host),
        ReportCommand.Create(host),
        ParseCommand.Create(host),
        LakeCommands.Create(host),
        BenchCommand.Create(host),
        CompletionCommand.Create(host),
    ];
}
