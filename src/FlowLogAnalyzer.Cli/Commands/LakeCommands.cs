using System.CommandLine;
using FlowLogAnalyzer.Analysis;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog lake</c>: what the lake is, and its upkeep.</summary>
internal static class LakeCommands
{
    public static Command Create(CliHost host) => new("lake", "What the lake holds, and its upkeep.")
    {
        Info(host),
        Sql(host),
    };

    private static Verb Info(CliHost host)
    {
        var verb = new Verb("info", "Shows the tables of the lake: version, files, rows, bytes and the time they span.",
            new("flowlog lake info", "The lake in ./lake."),
            new("flowlog lake info --lake ./demo/lake --output json", "The same for a script."));
        return verb.Does(host, async (call, ct) =>
        {
            var lake = await FlowLake.OpenAsync(call.Lake, new LakeOptions { MustExist = true, OnWarning = call.Note }, ct);
            var files = await lake.Tuples.GetActiveFilesAsync(ct: ct);
            var version = (await lake.Tuples.SnapshotAsync(ct)).Version;
            var inventory = await new InventoryStore(lake).LoadAsync(ct);
            await call.WriteAsync(
                ResultSet.Of(
                    ["table", "version", "files", "rows", "bytes", "first", "last"],
                    [
                        ["tuples", version, files.Count, files.Sum(f => f.Rows), files.Sum(f => f.Bytes), files.Min(f => f.MinTime), files.Max(f => f.MaxTime)],
                        [InventoryStore.TableName, (await new InventoryStore(lake).VersionAsync(ct)), null, inventory.Count, null, First(inventory), Last(inventory)],
                    ]),
                ct);
            return ExitCode.Fine;
        });
    }

    private static Verb Sql(CliHost host)
    {
        var verb = new Verb("sql", "Prints an SQL script that opens the lake in the duckdb CLI, with the same tables and views.",
            new("flowlog lake sql > lake.sql", "Then: duckdb -init lake.sql"),
            new("flowlog lake sql --lake ./demo/lake | duckdb -c \".read /dev/stdin\" -c \"select count(*) from tuples\"", "Straight into duckdb."));
        return verb.Does(host, async (call, ct) =>
        {
            using var session = await LakeSession.OpenAsync(call, (null, null), ct);
            LakeScript.Write(call.Host.Out, session.Options, session.Database);
            return ExitCode.Fine;
        });
    }

    private static DateTime? First(IReadOnlyList<InventoryDocument> documents) => documents.Count == 0 ? null : documents[0].AsOf;

    private static DateTime? Last(IReadOnlyList<InventoryDocument> documents) => documents.Count == 0 ? null : documents[^1].AsOf;
}
