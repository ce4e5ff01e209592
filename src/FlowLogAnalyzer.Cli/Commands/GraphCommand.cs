using System.CommandLine;
using FlowLogAnalyzer.Analysis.Graphs;
using FlowLogAnalyzer.Cli.Hosting;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog graph</c>: who talks to whom, as a picture.</summary>
internal static class GraphCommand
{
    private static readonly Option<string> Centre = new("--around")
    {
        Description = "What to draw around: an address, a role (system, ingress, user), a pool, or the name of a workload, node, machine or Service.",
        HelpName = "ADDRESS|ROLE",
        Required = true,
    };

    private static readonly Option<int> Most = new("--edges")
    {
        Description = "At most so many edges, refused ones first; default: 60.",
        HelpName = "N",
        DefaultValueFactory = _ => 60,
    };

    public static Command Create(CliHost host)
    {
        var (window, config) = (new WindowOptions(), new ConfigurationOption());
        var verb = new Verb("graph", "Draws who talks to whom around an address or a role, allowed and denied, with ports and counts, as Mermaid text.",
            new("flowlog graph --around 10.10.3.4 --since 24h", "What one address did in the last day."),
            new("flowlog graph --around ingress > ingress.mmd", "Who calls the ingress, and whom it calls; GitHub and Azure DevOps draw it inside a ```mermaid block."));
        verb.Options.Add(Centre);
        verb.Options.Add(Most);
        window.AddTo(verb);
        config.AddTo(verb);
        return verb.Does(host, async (call, ct) =>
        {
            using var session = await LakeSession.OpenAsync(call.Lake, new LakeSession.Request(window.Read(call)) { Configuration = config.Read(call) }, call.Note, ct);
            var around = call.Get(Centre)!;
            var graph = TrafficGraph.Around(session.Database, around, call.Get(Most));
            if (graph.Edges.Count == 0)
                throw new CliException($"Nothing in this window talks to or from '{around}'. `flowlog query node_pool_matrix` shows the pools, `flowlog query top_talkers` the addresses.");

            await call.Host.Out.WriteAsync(MermaidGraph.Text(graph));
            if (graph.LeftOut > 0)
                call.Note($"{graph.LeftOut} edges are left out; --edges takes a larger number.");
            return ExitCode.Fine;
        });
    }
}
