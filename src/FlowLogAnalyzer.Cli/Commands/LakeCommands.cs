using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Triggers;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog lake</c>: what the lake is, and its upkeep.</summary>
internal static class LakeCommands
{
    private static readonly Option<string?> Before = new("--before")
    {
        Description = "Only dates before this one; default: before yesterday, since later ones still grow.",
        HelpName = "TIME",
    };

    private static readonly Option<double> Kept = KeepDays.Option(7);

    private static readonly Option<string?> ToQueue = new("--to-queue")
    {
        Description = "Merges nothing, but divides the work into jobs and sends them to this queue.",
        HelpName = "QUEUE",
    };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only says what would be deleted." };

    public static Command Create(CliHost host) => new("lake", "What the lake holds, and its upkeep.")
    {
        Info(host),
        LakeHistoryCommand.Create(host),
        Compact(host),
        Vacuum(host),
        LakeVerifyCommands.Verify(host),
        LakeVerifyCommands.Repair(host),
        LakeEraseCommand.Create(host),
        LakeUpkeepCommands.Checkpoint(host),
        LakeUpkeepCommands.Retain(host),
        CoverageCommand.Create(host),
        Sql(host),
    };

    private static Verb Info(CliHost host)
    {
        var verb = new Verb("info", "Shows what the lake holds: version, files, rows, bytes, blobs and the time they span.",
            new("flowlog lake info", "The lake in ./lake."),
            new("flowlog lake info --lake ./demo/lake --output json", "The same for a script."));
        return verb.Does(host, async (call, ct) =>
        {
            var lake = await call.OpenLakeAsync(ct);
            await call.WriteAsync(Facts(await LakeInfo.ReadAsync(lake, ct), call), ct);
            if (await LakeBalance.WarningAsync(lake, await lake.Tuples.SnapshotAsync(ct), ct) is { } warning)
                call.Note(warning);
            return ExitCode.Fine;
        });
    }

    private static Verb Compact(CliHost host)
    {
        var verb = new Verb("compact", "Merges the small files of a date into larger, sorted ones. Readers see the old files or the new one, never both.",
            new("flowlog lake compact", "All dates before yesterday."),
            new("flowlog lake compact --before now", "Today's small files as well."),
            new("flowlog lake compact --to-queue https://ACCOUNT.queue.core.windows.net/flowlog-ingest", "Jobs for any number of `flowlog worker`: a date, or a part of a large one, each."));
        verb.Options.Add(Before);
        verb.Options.Add(ToQueue);
        return verb.Does(host, async (call, ct) =>
        {
            // "Before now" means all of today: dates are compared, and today's is before tomorrow's.
            var before = call.Time(Before) is { } time ? DateOnly.FromDateTime(time.AddTicks(-1)).AddDays(1) : (DateOnly?)null;
            var compactor = new LakeCompactor(await call.OpenLakeAsync(ct), call.Host.Clock);
            if (call.Get(ToQueue) is { } queue)
                return await SendAsync(call, queue, await compactor.JobsAsync(new CompactOptions { Before = before }, ct), ct);

            var result = await compactor.RunAsync(new CompactOptions { Before = before }, ct);
            await call.WriteAsync(
                ResultSet.Of(["files_before", "files_after", "rows", "commits", "conflicts"], [[result.FilesBefore, result.FilesAfter, result.Rows, result.Commits, result.Conflicts]]), ct);
            if (result.Conflicts > 0)
                call.Note($"{result.Conflicts} dates were changed by an ingest at the same time and stay as they are: run the command again.");
            return ExitCode.Fine;
        });
    }

    private static async Task<int> SendAsync(Invocation call, string place, IReadOnlyList<PlannedJob> jobs, CancellationToken ct)
    {
        var queue = WorkerCommand.Open(call, place, TimeSpan.FromMinutes(1));
        foreach (var planned in jobs)
            await queue.SendAsync(CompactionMessage.Write(planned.Job), ct);
        await call.WriteAsync(
            ResultSet.Of(["date", "from", "to", "files", "rows"], jobs.Select(p => (IReadOnlyList<object?>)[p.Job.Date, p.Job.Start, p.Job.End, p.Files, p.Rows])), ct);
        call.Note($"{jobs.Count} jobs were sent to '{queue.Name}'.");
        return ExitCode.Fine;
    }

    private static Verb Vacuum(CliHost host)
    {
        var verb = new Verb("vacuum", "Deletes files that no version of the table that is still kept refers to.",
            new("flowlog lake vacuum --dry-run", "What would be deleted."),
            new("flowlog lake vacuum --keep-days 1", "Keeps the versions of the last day only."));
        verb.Options.Add(Kept);
        verb.Options.Add(DryRun);
        return verb.Does(host, async (call, ct) =>
        {
            var options = new VacuumOptions { Retention = TimeSpan.FromDays(call.Get(Kept)), DryRun = call.Get(DryRun) };
            var result = await new LakeVacuum(await call.OpenLakeAsync(ct), call.Host.Clock).RunAsync(options, ct);
            await call.WriteAsync(ResultSet.Of(["file"], result.Files.Select(file => (IReadOnlyList<object?>)[file])), ct);
            call.Note($"{result.Files.Count} files, {result.Bytes} bytes {(options.DryRun ? "would be deleted" : "deleted")}.");
            return ExitCode.Fine;
        });
    }

    private static Verb Sql(CliHost host)
    {
        var verb = new Verb("sql", "Prints an SQL script that opens the lake in the duckdb CLI, with the same tables and views.",
            new("flowlog lake sql > lake.sql", "Then: duckdb -init lake.sql"),
            new("flowlog lake sql --lake ./demo/lake > demo.sql", "The lake of the demo."));
        return verb.Does(host, async (call, ct) =>
        {
            using var session = await LakeSession.OpenAsync(call, (null, null), ct);
            LakeScript.Write(call.Host.Out, session.Database);
            return ExitCode.Fine;
        });
    }

    /// <summary>One row for scripts; for a person the same, one fact per line.</summary>
    private static ResultSet Facts(LakeInfo info, Invocation call)
    {
        (string Name, object? Value)[] facts =
        [
            ("location", info.Location), ("version", info.Version), ("committed", info.Committed), ("files", info.Files), ("rows", info.Rows), ("bytes", info.Bytes),
            ("first", info.MinTime), ("last", info.MaxTime), ("dates", info.Dates), ("blobs", info.Blobs), ("incomplete_blobs", info.IncompleteBlobs),
            ("small_files", info.SmallFiles), ("removed_files", info.RemovedFiles),
        ];
        return call.Format == OutputFormat.Table
            ? ResultSet.Of(["fact", "value"], facts.Select(f => (IReadOnlyList<object?>)[f.Name, f.Value]))
            : ResultSet.Of([.. facts.Select(f => f.Name)], [[.. facts.Select(f => f.Value)]]);
    }
}
