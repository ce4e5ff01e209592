using System.CommandLine;
using System.Text.Json;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Maintenance;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog lake history</c>: who did what to a table, also with other engines.</summary>
internal static class LakeHistoryCommand
{
    private static readonly Option<string> Table = new("--table") { Description = "A table of the lake: tuples, inventory, …", HelpName = "TABLE", DefaultValueFactory = _ => "tuples" };

    private static readonly Option<int> Most = new Option<int>("--limit")
    {
        Description = "The newest versions only.",
        HelpName = "COUNT",
        DefaultValueFactory = _ => 20,
    }.AcceptOnlyFrom(1, 1_000_000, "a whole number");

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Verb Create(CliHost host)
    {
        var verb = new Verb("history", "Shows what was done to a table, version by version, by flowlog or any other engine: files, rows and bytes added and removed, and why.",
            new("flowlog lake history", "The last 20 versions of the table tuples."),
            new("flowlog lake history --limit 5 --output json", "For a script."));
        verb.Options.Add(Table);
        verb.Options.Add(Most);
        return verb.Does(host, async (call, ct) =>
        {
            if (call.Get(Table)!.AsSpan().IndexOfAny('/', '\\') >= 0)
                throw new CliException($"'{call.Get(Table)}' is no name of a table: expected the name of a folder of the lake, such as tuples or inventory.");
            var lake = await call.OpenLakeAsync(ct);
            var entries = await LakeHistory.ReadAsync(new DeltaLog(lake.Store, call.Get(Table)!, call.Host.Clock), call.Get(Most), ct);
            await call.WriteAsync(ResultSet.Of(Columns, entries.Select(Row)), ct);
            if (entries.Count == 0)
            {
                call.Fail($"The lake {call.LakeName} has no table '{call.Get(Table)}': nothing was looked at.");
                return ExitCode.NothingLookedAt;
            }

            if (entries[^1].Version > 0 && entries.Count < call.Get(Most))
                call.Note($"The entries before version {entries[^1].Version} were cleaned away.");
            return ExitCode.Fine;
        });
    }

    private static readonly string[] Columns =
    [
        "version", "time", "operation", "rows_changed", "files_added", "files_removed", "rows_added", "rows_removed", "bytes_added", "bytes_removed",
        "engine", "user", "isolation_level", "blind_append", "parameters", "metrics",
    ];

    private static IReadOnlyList<object?> Row(HistoryEntry e) =>
    [
        e.Version, e.Time, e.Operation, e.ChangesRows, e.FilesAdded, e.FilesRemoved, e.RowsAdded, e.RowsRemoved, e.BytesAdded, e.BytesRemoved,
        e.Story.Engine, e.Story.User, e.Story.IsolationLevel, e.Story.IsBlindAppend, Json(e.Story.Parameters), Json(e.Story.Metrics),
    ];

    private static string? Json(IReadOnlyDictionary<string, string> texts) => texts.Count == 0 ? null : JsonSerializer.Serialize(texts, Plain);
}
