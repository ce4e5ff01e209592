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
            new("flowlog lake retain --days 30 --output json", "The same for a script."));
        verb.Options.Add(Days);
        return verb.Does(host, async (call, ct) =>
        {
            var from = DateOnly.FromDateTime(call.Host.Clock.GetUtcNow().UtcDateTime).AddDays(1 - call.Get(Days));
            var result = await new LakeRetention(await call.OpenLakeAsync(ct)).RunAsync(from, ct);
            await call.WriteAsync(
                ResultSet.Of(["kept_from", "dates_dropped", "files", "rows", "bytes", "positions"], [[result.From, result.Dates, result.Files, result.Rows, result.Bytes, result.Positions]]), ct);
            if (result.From > from)
                call.Note($"Dates before {result.From:yyyy-MM-dd} were dropped earlier and do not come back.");
            return ExitCode.Fine;
        });
    }
}
