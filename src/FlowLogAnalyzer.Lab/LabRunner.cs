using FlowLogAnalyzer.Lab.Exports;
using FlowLogAnalyzer.Lab.Logs;
using FlowLogAnalyzer.Lab.Simulation;

namespace FlowLogAnalyzer.Lab;

/// <summary>Runs scenarios. The same scenario and options give the same bytes.</summary>
public static class LabRunner
{
    /// <summary>
    /// Writes blobs in Azure's layout, <c>inventory/&lt;time&gt;/*.json</c> and <c>truth.json</c> below a folder, which is made
    /// when missing. What an earlier run of the lab wrote there is replaced; other flow logs there are left alone and refused.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    /// <exception cref="IOException">The folder cannot be written, or holds flow logs that are not the lab's.</exception>
    public static LabTruth Write(LabScenario scenario, LabOptions options, string outDir)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(options);
        var simulation = new LabSimulation(scenario, options);
        OutputFolder.Prepare(outDir);
        var folder = new FolderSink(outDir);
        simulation.Run(folder);

        var captures = WriteInventory(simulation, Path.Combine(outDir, "inventory"));
        var truth = TruthBuilder.Build(simulation, folder.Blobs, captures);
        File.WriteAllText(Path.Combine(outDir, "truth.json"), truth.ToJson());
        return truth;
    }

    /// <summary>
    /// The blobs' commits one by one, in order of time, as the platform would make them: give them to a
    /// <see cref="FolderSink"/> when you want, and read in between.
    /// </summary>
    public static IReadOnlyList<LabCommit> Commits(LabScenario scenario, LabOptions options)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(options);
        var list = new CommitList();
        new LabSimulation(scenario, options).Run(list);
        return list.Commits;
    }

    /// <summary>One export per phase, taken when its rules came into force, with the Activity Log of the changes that led to it.</summary>
    private static List<string> WriteInventory(LabSimulation simulation, string folder)
    {
        var names = new List<string>();
        foreach (var (phase, number) in simulation.Phases.Select((p, i) => (p, i)))
        {
            var capture = DateTimeOffset.FromUnixTimeMilliseconds(phase.Start);
            names.Add(ExportFiles.FolderName(capture));
            var scene = new ExportScene(simulation.Cluster, phase.Rules, simulation.Options.Format, simulation.Options.Start);
            ExportFiles.Write(Path.Combine(folder, names[^1]), number == 0 ? scene : scene with { Changes = ActivityLogExport.Changes(simulation.Phases[number - 1].Rules, phase.Rules, number - 1, capture) });
        }
        return names;
    }

    private sealed class CommitList : ILabSink
    {
        public List<LabCommit> Commits { get; } = [];

        public void Commit(LabCommit commit) => Commits.Add(commit);
    }
}
