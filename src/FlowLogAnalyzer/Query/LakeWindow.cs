using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Query.Configuration;

namespace FlowLogAnalyzer.Query;

/// <summary>A lake, opened for questions about one window of time, with all that the answers depend on.</summary>
public sealed class LakeWindow : IDisposable
{
    private readonly LakeWindows _windows;

    internal LakeWindow(LakeWindows windows, LakeDatabase database, LookedAt lookedAt, DateTime now) =>
        (_windows, Database, LookedAt, Now) = (windows, database, lookedAt, now);

    public LakeDatabase Database { get; }

    /// <summary>What there is to look at.</summary>
    public LookedAt LookedAt { get; }

    /// <summary>UTC.</summary>
    public DateTime Now { get; }

    public FlowLake Lake => _windows.Lake;

    public ClusterInventory Inventory => _windows.Inventory;

    /// <summary>What flowlog.json says.</summary>
    public FlowLogConfiguration Configuration => _windows.Configuration;

    /// <summary>Runs a query of the catalogue; what is not set has the value of flowlog.json, else its default.</summary>
    /// <exception cref="QueryRefusedException">A variable is not one of the query's parameters.</exception>
    public QueryRows Run(QueryFile query, IReadOnlyDictionary<string, string> variables)
    {
        var values = new Dictionary<string, string>(Configuration.Thresholds.GetValueOrDefault(query.Name) ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        foreach (var (name, value) in variables)
            values[name] = value;
        return Database.Run(query, values);
    }

    public void Dispose() => Database.Dispose();
}
