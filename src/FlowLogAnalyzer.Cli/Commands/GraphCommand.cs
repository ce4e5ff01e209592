using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Graphs;

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

    private static readonly Option<int> Most = new Option<int>("--edges")
    {
        Description = "At most so many edges, refused ones first; default: 60.",
        HelpName = "N",
        DefaultValueFactory = _ => 60,
    }.AcceptOnlyFrom(1, 100_000);

    public static Command Create(CliHost host)
    {
        var question = new QuestionOptions();
        var verb = new Verb("graph", "Draws who talks to whom around an address or a role, allowed and denied, with ports and counts, as Mermaid text or as an SVG picture.",
            new("flowlog graph --around 10.10.3.4 --since 24h", "What one address did in the last day."),
            new("flowlog graph --around ingress > ingress.mmd", "Who calls the ingress, and whom it calls; GitHub and Azure DevOps draw it inside a ```mermaid block."),
            new("flowlog graph --around user --output svg > user.svg", "The same for the user pool, as a picture for a browser or a ticket."));
        verb.Options.Add(Centre);
        verb.Options.Add(Most);
        question.AddTo(verb);
        return verb.Does(host, async (call, ct) =>
        {
            using var session = await question.OpenAsync(call, ct);
            var around = call.Get(Centre)!;
            var graph = TrafficGraph.Around(session.Database, around, call.Get(Most));
            if (graph.Edges.Count == 0 && session.LookedAt.NoRows is { } nothing)
                return question.Code(call, nothing);
            if (graph.Edges.Count == 0)
                throw new CliException($"Nothing in this window talks to or from '{around}'. `flowlog query node_pool_matrix` shows the pools, `flowlog query top_talkers` the addresses.");

            await WriteAsync(graph, around, call, ct);
            if (graph.IsByPool)
                call.Note("There are too many ends to be read, so pods are shown by pool and machines by subnet. --around with a workload or a machine shows less and more closely.");
            if (graph.LeftOut > 0)
                call.Note($"{graph.LeftOut} edges are left out; --edges takes a larger number.");
            return ExitCode.Fine;
        });
    }

    private static Task WriteAsync(TrafficGraph graph, string around, Invocation call, CancellationToken ct) => call.Format switch
    {
        OutputFormat.Table or OutputFormat.Mermaid => call.Host.Out.WriteAsync(MermaidGraph.Text(graph)),
        OutputFormat.Svg => call.Host.Out.WriteAsync(SvgGraph.Text(graph, around)),
        _ => call.WriteAsync(ResultSet.Of(["source", "destination", "ports", "allowed", "denied"],
            graph.Edges.Select(e => (IReadOnlyList<object?>)[e.Source, e.Destination, e.Ports.Cast<object?>().ToList(), e.Allowed, e.Denied])), ct),
    };
}
