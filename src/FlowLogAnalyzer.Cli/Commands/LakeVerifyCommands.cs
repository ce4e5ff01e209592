using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Lake.Maintenance;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog lake verify</c> and <c>flowlog lake repair</c>: whether the lake is what was written, and what to do when it is not.</summary>
internal static class LakeVerifyCommands
{
    private static readonly string[] Columns = ["kind", "file", "place", "problem", "next"];

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only says what would be done." };

    public static Verb Verify(CliHost host)
    {
        var verb = new Verb("verify", "Reads every file of the lake and checks every number in its logs, and the rows of each blob against its reading position. Exit code 2 when something is wrong.",
            new("flowlog lake verify", "Takes as long as reading all of the lake does."),
            new("flowlog lake verify --output json", "The same for a script: an empty array when all is well."));
        return verb.Does(host, async (call, ct) =>
        {
            var result = await new LakeVerifier(await call.OpenLakeAsync(ct), call.Host.Clock).RunAsync(ct: ct);
            await WriteAsync(result.Problems, call, ct);
            foreach (var note in result.Notes)
                call.Note(note);
            call.Note($"{result.Tables} tables, {result.LogFiles} log files, {result.DataFiles} sound data files of {result.Bytes} bytes, {result.Rows} rows of {result.Blobs} blobs: "
                + (result.IsSound ? "all as it was written." : $"{result.Problems.Count} problems."));
            return result.IsSound ? ExitCode.Fine : ExitCode.Failed;
        });
    }

    public static Verb Repair(CliHost host)
    {
        var verb = new Verb("repair", "Takes damaged data files out of the table in one commit, and has the next ingest read their blobs, and others that lost rows or have them twice, from their beginning.",
            new("flowlog lake repair --dry-run", "What would be done."),
            new("flowlog lake repair", "Then: flowlog ingest SOURCE, with the source that the blobs came from."));
        verb.Options.Add(DryRun);
        return verb.Does(host, async (call, ct) =>
        {
            var (would, dry) = (call.Get(DryRun) ? "would be " : "", call.Get(DryRun));
            var result = await new LakeRepair(await call.OpenLakeAsync(ct), call.Host.Clock).RunAsync(dry, ct);
            await call.WriteAsync(ResultSet.Of(["what", "name"],
            [
                .. result.DroppedFiles.Select(f => (IReadOnlyList<object?>)["file dropped", f]),
                .. result.RewrittenFiles.Select(f => (IReadOnlyList<object?>)["file rewritten", f]),
                .. result.Blobs.Select(b => (IReadOnlyList<object?>)["blob to read again", b]),
            ]), ct);
            call.Note($"{result.DroppedFiles.Count} files {would}dropped, {result.RewrittenFiles.Count} {would}rewritten, {result.Blobs.Count} blobs {would}marked to be read again.");
            if (result.Blobs.Count > 0)
                call.Note($"`flowlog ingest SOURCE` reads these blobs from their beginning; what is left of them ({result.Rows} rows) stays until then, and for good when a blob is gone.");
            foreach (var problem in result.Left)
                call.Note($"Not mended: {problem.File} {problem.Place}: {problem.Problem} {problem.Next}");
            return result.Left.Count > 0 ? ExitCode.Failed : ExitCode.Fine;
        });
    }

    private static Task WriteAsync(IReadOnlyList<LakeProblem> problems, Invocation call, CancellationToken ct) =>
        problems.Count == 0 && call.Format == OutputFormat.Table
            ? Task.CompletedTask
            : call.WriteAsync(ResultSet.Of(Columns, problems.Select(p => (IReadOnlyList<object?>)[p.Kind.ToString(), p.File, p.Place, p.Problem, p.Next])), ct);
}
