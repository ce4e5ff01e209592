using System.CommandLine;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Lab;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog demo</c>: the whole way once, by what the other verbs do.</summary>
internal static class DemoCommand
{
    /// <summary>Marks a folder that an earlier demo made and a later one may replace.</summary>
    private const string Marker = ".flowlog-demo";

    private static readonly Option<DirectoryInfo> To = new("--out")
    {
        Description = "Folder for logs and lake; default: ./demo. What an earlier demo left there is replaced.",
        HelpName = "DIR",
        DefaultValueFactory = _ => new DirectoryInfo("./demo"),
    };

    public static Command Create(CliHost host)
    {
        var verb = new Verb("demo", "Simulates a cluster with two outages and an intruder, ingests its logs, imports its inventory, and explains what it finds.",
            new("flowlog demo", "Everything in ./demo."),
            new("flowlog demo --out ./try --output json", "The findings as JSON."));
        verb.Options.Add(To);
        return verb.Does(host, RunAsync);
    }

    private static async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var folder = call.Get(To)!.ToString();
        var (logs, lake) = (Path.Combine(folder, "logs"), Path.Combine(folder, "lake"));
        Prepare(folder, logs, lake);

        call.Note("1. Two days of a small AKS cluster: an outage in three acts, and somebody who looks around.");
        List<Act> acts =
        [
            .. await SimulateAsync("story", TimeSpan.Zero, logs, call, ct),
            .. await SimulateAsync("lateral-movement", TimeSpan.FromDays(1), logs, call, ct),
        ];

        call.Note($"\n2. flowlog ingest {logs} --lake {lake}");
        var blobs = Directory.GetDirectories(logs).SelectMany(d => Directory.GetDirectories(d, "insights-logs-*")).Order(StringComparer.Ordinal).ToList();
        var onLake = call.On(lake);
        var (summary, code) = await IngestCommand.IngestAsync(onLake, new IngestCommand.Request(blobs, new BlobWindow(), Strict: false, RejectTolerance.Default), ct);
        call.Note(IngestOutput.Sentences(summary));

        call.Note($"\n3. flowlog inventory import {logs} --lake {lake}");
        await InventoryCommands.ImportAsync(onLake, Directory.GetDirectories(logs).Order(StringComparer.Ordinal).Select(d => Path.Combine(d, "inventory")), null, ct);

        call.Note("\n4. What was wrong, act by act:\n");
        await CheckAsync(onLake, acts, ct);
        TellTheRest(call, folder, lake, acts);
        return code;
    }

    /// <summary>A stretch of the simulation with one state of the network.</summary>
    private sealed record Act(string Name, DateTime Start, DateTime End)
    {
        public string Options => $"--since {CellText.Time(Start)} --until {CellText.Time(End)}";
    }

    /// <summary>For a person act by act; for a program all findings at once.</summary>
    private static async Task CheckAsync(Invocation call, List<Act> acts, CancellationToken ct)
    {
        var all = new List<CheckResult>();
        foreach (var act in acts)
        {
            using var session = await LakeSession.OpenAsync(call, (act.Start, act.End), ct);
            var result = Check.Run(session, null, ct);
            all.Add(result);
            if (call.Format != OutputFormat.Table)
                continue;

            await call.Host.Out.WriteLineAsync($"=== {act.Name}: flowlog check --lake {call.LakeName} {act.Options}\n");
            await FindingOutput.WriteAsync(result, call, ct);
            await call.Host.Out.WriteLineAsync();
        }

        var together = new CheckResult(Finding.Sort(all.SelectMany(r => r.Findings)), [.. all.SelectMany(r => r.Skipped).Distinct()]);
        if (call.Format != OutputFormat.Table)
            await FindingOutput.WriteAsync(together, call, ct);
        await call.Host.Out.FlushAsync(ct);
        CheckCommand.Tell(together, call);
    }

    private static void Prepare(string folder, string logs, string lake)
    {
        var marker = Path.Combine(folder, Marker);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !File.Exists(marker))
            throw new CliException($"{folder} is not empty and no demo made it. Give another folder to --out.");

        foreach (var made in new[] { logs, lake }.Where(Directory.Exists))
            Directory.Delete(made, recursive: true);
        Directory.CreateDirectory(folder);
        File.WriteAllText(marker, "This folder was made by `flowlog demo`, which replaces it.\n");
    }

    private static async Task<IEnumerable<Act>> SimulateAsync(string name, TimeSpan later, string logs, Invocation call, CancellationToken ct)
    {
        var scenario = LabCommand.Find(name);
        var truth = await LabCommand.WriteAsync(scenario, new LabOptions { Start = LabOptions.DefaultStart + later }, Path.Combine(logs, name), ct);
        call.Note($"   {name}: {truth.Tuples} tuples in {truth.Blobs} blobs, {CellText.Time(truth.Start.UtcDateTime)} to {CellText.Time(truth.End.UtcDateTime)}");
        // From when the load balancer has noticed the change of rules: in between, one act's findings would show up in the next.
        return truth.Phases.Select(phase => new Act(phase.Name, phase.SteadyFrom.UtcDateTime, phase.End.UtcDateTime));
    }

    private static void TellTheRest(Invocation call, string folder, string lake, List<Act> acts)
    {
        call.Note($"""

            Where everything is
              {Path.Combine(folder, "logs")}   flow logs as Azure lays them out, kubectl and az exports, and truth.json: what really happened
              {lake}   the lake: a Delta table of Parquet files, and the inventory

            Try next
            {Alias()}  flowlog query --lake {lake} --list
              flowlog query --lake {lake} --sql "select src_name, dst_name, rule, count(*) as denied from named_tuples where decision = 'Deny' group by all order by denied desc limit 10"
              flowlog check --lake {lake} {acts[1].Options} --only LBC-001 --output md
              flowlog blast-radius 10.10.3.4 --lake {lake}
              flowlog graph --around user --lake {lake} --output svg > graph.svg
              flowlog lab --list
            """);
    }

    /// <summary>Run from a clone there is no `flowlog` on the PATH; then the commands below it need a name for this one.</summary>
    private static string Alias()
    {
        var program = Environment.ProcessPath;
        if (program is null || Path.GetFileNameWithoutExtension(program) != "flowlog" || !program.Contains($"{Path.DirectorySeparatorChar}artifacts{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            return "";

        return $"  alias flowlog={ShellText.Quote(program)}\n";
    }
}
