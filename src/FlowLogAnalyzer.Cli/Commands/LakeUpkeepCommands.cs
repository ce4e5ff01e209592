using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Lake.Maintenance;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog lake checkpoint</c> and <c>flowlog lake retain</c>: what keeps a lake small that grows for years.</summary>
internal static class LakeUpkeepCommands
{
    private static readonly Option<double> Kept = KeepDays.Option(1, " The last quarter of an hour always stays.");

    private static readonly Option<int> Days = new Option<int>("--days")
    {
        Description = "Whole days to keep, counted back from today (UTC), from 2 on.",
        HelpName = "DAYS",
        Required = true,
    }.AcceptOnlyFrom(2, 36_500, "a whole number");

    private static readonly Option<bool> Force = new("--force") { Description = "Also when no row is left, as with a clock that is ahead." };

    private static readonly Option<bool> MoveBack = new("--move-back")
    {
        Description = "Drops nothing, but keeps earlier dates again: blobs of theirs that still exist are read by the next ingest.",
    };

    public static Verb Checkpoint(CliHost host)
    {
        var verb = new Verb("checkpoint", "Keeps the table's log short: a checkpoint, reading positions of past dates moved out of it, and old entries deleted.",
            new("flowlog lake checkpoint", "Once a day, or once an hour on a lake with many workers."),
            new("flowlog lake checkpoint --keep-days 0.1", "Keeps fewer old versions, where workers commit many times a second."));
        verb.Options.Add(Kept);
        return verb.Does(host, async (call, ct) =>
        {
            var result = await new LakeCheckpoint(await call.OpenLakeAsync(ct), call.Host.Clock).RunAsync(TimeSpan.FromDays(call.Get(Kept)), ct);
            await call.WriteAsync(ResultSet.Of(["version", "positions_archived", "log_files_deleted"], [[result.Version, result.Positions, result.LogFiles]]), ct);
            return ExitCode.Fine;
        });
    }

    public static Verb Retain(CliHost host)
    {
        var verb = new Verb("retain", "Drops the dates before the last days in one commit; blobs of these dates are not read again. Their files go with the next vacuum.",
            new("flowlog lake retain --days 90", "Keeps today and the 89 dates before it."),
            new("flowlog lake retain --days 30 --output json", "The same for a script."),
            new("flowlog lake retain --days 400 --move-back", "When too much was dropped: lets blobs of the last 400 days be read again."));
        verb.Options.Add(Days);
        verb.Options.Add(Force);
        verb.Options.Add(MoveBack);
        return verb.Does(host, async (call, ct) =>
        {
            var from = DateOnly.FromDateTime(call.Host.Clock.GetUtcNow().UtcDateTime).AddDays(1 - call.Get(Days));
            var retention = new LakeRetention(await call.OpenLakeAsync(ct));
            if (call.Get(MoveBack))
                return await MoveBackAsync(retention, from, call, ct);
            var result = await RetainAsync(retention, from, call, ct);
            await call.WriteAsync(
                ResultSet.Of(["kept_from", "dates_dropped", "files", "rows", "bytes", "positions"], [[result.From, result.Dates, result.Files, result.Rows, result.Bytes, result.Positions]]), ct);
            if (result.From > from)
                call.Note($"Dates before {result.From:yyyy-MM-dd} were dropped earlier and do not come back.");
            return ExitCode.Fine;
        });
    }

    private static async Task<RetentionResult> RetainAsync(LakeRetention retention, DateOnly from, Invocation call, CancellationToken ct)
    {
        try
        {
            return await retention.RunAsync(from, call.Get(Force), ct);
        }
        catch (RetentionRefusedException e)
        {
            throw new CliException($"{e.Message} This machine says that it is {call.Host.Clock.GetUtcNow().UtcDateTime:yyyy-MM-dd HH:mm}Z. If all rows are to go: --force", e);
        }
    }

    private static async Task<int> MoveBackAsync(LakeRetention retention, DateOnly to, Invocation call, CancellationToken ct)
    {
        var from = await retention.MoveBackAsync(to, ct);
        await call.WriteAsync(ResultSet.Of(["kept_from"], [[from]]), ct);
        call.Note(from is null ? "The lake keeps all dates." : $"Dates from {from:yyyy-MM-dd} on are kept. `flowlog ingest SOURCE` reads the blobs of theirs that still exist.");
        return ExitCode.Fine;
    }
}
