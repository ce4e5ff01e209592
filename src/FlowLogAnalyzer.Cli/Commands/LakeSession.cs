using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Configuration;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>The lake of a command line, opened for questions about one window of time.</summary>
internal sealed class LakeSession : IDisposable
{
    private readonly LakeWindows _lake;
    private readonly DateTime _now;

    private LakeSession(LakeWindows lake, LakeDatabase database, FlowLogConfiguration configuration, DateTime now)
    {
        (_lake, Database, Configuration, _now) = (lake, database, configuration, now);
    }

    public LakeDatabase Database { get; }

    public FlowLake Lake => _lake.Lake;

    public ClusterInventory Inventory => _lake.Inventory;

    /// <summary>What flowlog.json says.</summary>
    public FlowLogConfiguration Configuration { get; }

    /// <summary>What to check: with the thresholds and suppressions of flowlog.json.</summary>
    /// <param name="only">Ids of findings; none = all.</param>
    public CheckOptions Checks(params IReadOnlyList<string> only) => new() { Only = only, Configuration = Configuration, Now = _now };

    /// <summary>Runs a query of the catalogue; what is not set has the value of flowlog.json, else its default.</summary>
    /// <exception cref="QueryRefusedException">A variable is not one of the query's parameters.</exception>
    public QueryRows Run(QueryFile query, IReadOnlyDictionary<string, string> variables)
    {
        var values = new Dictionary<string, string>(Configuration.Thresholds.GetValueOrDefault(query.Name) ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        foreach (var (name, value) in variables)
            values[name] = value;
        return Database.Run(query, values);
    }

    public static async Task<LakeSession> OpenAsync(
        Invocation call, (DateTime? Since, DateTime? Until) window, CancellationToken ct, FlowLogConfiguration? configuration = null, Func<LakeDatabaseOptions, LakeDatabaseOptions>? change = null)
    {
        var lake = await LakeWindows.LoadAsync(await call.OpenLakeAsync(ct), configuration, ct);
        var database = await lake.OpenAsync(window.Since, window.Until, change, ct);
        if (database.Options.Files.Count == 0)
            call.Note($"The lake {call.LakeName} holds no tuples{(window is (null, null) ? "" : " in this window")}: nothing was looked at. `flowlog lake info` shows what it holds.");
        if (database.OverlappingRows > 0)
            call.Note($"{database.OverlappingRows} inventory entries claim the same address or MAC at the same time; the later one is used. `flowlog inventory show` lists what is known.");
        return new LakeSession(lake, database, configuration ?? FlowLogConfiguration.None, call.Host.Clock.GetUtcNow().UtcDateTime);
    }

    public void Dispose() => Database.Dispose();
}
