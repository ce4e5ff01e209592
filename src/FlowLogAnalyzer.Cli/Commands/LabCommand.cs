using System.CommandLine;
using System.CommandLine.Completions;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Lab;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog lab</c>: flow logs of a cluster that is known to be broken, and how.</summary>
internal static class LabCommand
{
    private static readonly Argument<string?> Scenario = new("SCENARIO") { HelpName = "SCENARIO", Description = "What to simulate; --list shows the scenarios.", Arity = ArgumentArity.ZeroOrOne, CompletionSources = { _ => LabScenarios.All.Select(s => new CompletionItem(s.Name)) } };
    private static readonly Option<DirectoryInfo?> To = new("--out") { Description = "Folder to write to; it must be empty or new.", HelpName = "DIR" };
    private static readonly Option<bool> List = new("--list") { Description = "Lists the scenarios." };

    public static Command Create(CliHost host)
    {
        var options = new LabOptionSet();
        var verb = new Verb("lab", "Simulates a small AKS cluster and writes its flow logs, kubectl and az exports, and the truth.",
            new("flowlog lab --list", "The scenarios, and what goes wrong in each."),
            new("flowlog lab second-hop-denied --out ./try", "NSG version 2 logs of a cluster whose ingress subnet denies the other nodes."),
            new("flowlog lab ingress-flapping --out ./try --format vnet --cni overlay --minutes 60", "An hour of VNet flow logs with Azure CNI Overlay."));
        verb.Arguments.Add(Scenario);
        verb.Options.Add(To);
        options.AddTo(verb);
        verb.Options.Add(List);
        return verb.Does(host, (call, ct) => RunAsync(call, options, ct));
    }

    private static async Task<int> RunAsync(Invocation call, LabOptionSet options, CancellationToken ct)
    {
        if (call.Get(List))
        {
            await call.WriteAsync(ResultSet.Of(["scenario", "minutes", "description"], LabScenarios.All.Select(s => (IReadOnlyList<object?>)[s.Name, s.Minutes, s.Description])), ct);
            return ExitCode.Fine;
        }

        var folder = call.Get(To) ?? throw new UsageException("lab needs --out DIR: where the logs are written.");
        var scenario = Find(call.Get(Scenario) ?? throw new UsageException("lab needs a SCENARIO. `flowlog lab --list` shows them."));
        if (folder.Exists && folder.EnumerateFileSystemInfos().Any())
            throw new CliException($"{folder.FullName} is not empty. Give a new folder to --out, so that the logs of two scenarios do not mix.");

        var truth = await WriteAsync(scenario, options.Read(call), folder.FullName, ct);
        await call.WriteAsync(Summary(folder.ToString(), truth), ct);
        call.Note($"Next: flowlog ingest {ShellText.Quote(folder.ToString())}, then flowlog inventory import {ShellText.Quote(Path.Combine(folder.ToString(), "inventory"))}, then flowlog check.");
        return ExitCode.Fine;
    }

    public static async Task<LabTruth> WriteAsync(LabScenario scenario, LabOptions options, string folder, CancellationToken ct)
    {
        try
        {
            // The simulation does not look at the token: Ctrl+C leaves it behind, and the process ends.
            return await Task.Run(() => LabRunner.Write(scenario, options, folder), ct).WaitAsync(ct);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }

    public static LabScenario Find(string name) =>
        LabScenarios.Find(name) ?? throw new UsageException($"There is no scenario '{name}'. Known are {string.Join(", ", LabScenarios.All.Select(s => s.Name))}.");

    private static ResultSet Summary(string folder, LabTruth truth) => ResultSet.Of(
        ["scenario", "format", "cni", "seed", "start", "end", "blobs", "records", "tuples", "out"],
        [[truth.Scenario, truth.Format, truth.Cni, truth.Seed, truth.Start, truth.End, truth.Blobs, truth.Records, truth.Tuples, folder]]);
}
