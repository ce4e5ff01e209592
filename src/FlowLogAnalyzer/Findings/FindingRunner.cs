using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Configuration;
using FlowLogAnalyzer.Telemetry;

namespace FlowLogAnalyzer.Findings;

/// <summary>What to check.</summary>
public sealed record CheckOptions
{
    /// <summary>Ids of the findings to run; none = all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Thresholds and suppressions. Its tables are for the <see cref="LakeDatabaseOptions.Tables"/> of the database.</summary>
    public FlowLogConfiguration Configuration { get; init; } = FlowLogConfiguration.None;

    /// <summary>UTC; decides which suppressions have expired. Null = none has.</summary>
    public DateTime? Now { get; init; }
}

/// <summary>A finding that was not looked for, and why: silence is not a clean bill.</summary>
public sealed record SkippedFinding(string Id, string Title, string Reason)
{
    /// <summary>What is missing, one by one, with the command that gets it: <c>no nodes (kubectl get nodes -o json)</c>.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    internal static SkippedFinding For(string id, string title, IReadOnlyList<string> missing) =>
        new(id, title, $"The inventory has {string.Join("; ", missing)}. Add it with `flowlog inventory import`.") { Missing = missing };
}

/// <summary>The findings, the worst first, and what could not be looked for.</summary>
public sealed record CheckResult(IReadOnlyList<Finding> Findings, IReadOnlyList<SkippedFinding> Skipped)
{
    /// <summary>Why the absence of findings means nothing: there were no rows, no inventory, or nothing that was asked for could be looked for. Null when something was looked at.</summary>
    public string? NothingLookedAt { get; init; }
}

/// <summary>Runs the queries of queries/findings over a lake.</summary>
internal static class FindingRunner
{
    /// <exception cref="ArgumentException">An id of <see cref="CheckOptions.Only"/> is not a finding.</exception>
    /// <exception cref="InvalidDataException">A query file does not keep its contract.</exception>
    public static CheckResult Run(LakeDatabase database, CheckOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new CheckOptions();
        var queries = Chosen(database.Library, options.Only);
        var thresholds = options.Configuration.Thresholds.Values.SelectMany(t => t.Keys).ToHashSet(StringComparer.Ordinal);
        database.Prepare(queries, isFixed: name => !thresholds.Contains(name), cancellation);

        var limits = FindingLimits.Of(database);
        var (findings, skipped) = (new List<Finding>(), new List<SkippedFinding>());
        foreach (var query in queries)
        {
            cancellation.ThrowIfCancellationRequested();
            var missing = query.Inputs.Where(i => !i.IsOptional && !database.FilledTables.Contains(i.Table)).Select(i => i.Table).ToList();
            if (missing.Count > 0)
                skipped.Add(SkippedFinding.For(query.Name, query.Title, [.. missing.Select(FindingLimits.Meaning)]));
            else
                findings.AddRange(database.Clock.Time(query.Name, () => Run(database, query, limits, options.Configuration.Thresholds.GetValueOrDefault(query.Name))));
        }

        var suppressions = new SuppressionBook(options.Configuration.Suppressions, options.Now);
        return new CheckResult(Finding.Sort(FindingCoverage.Grade(findings, database).Select(suppressions.Apply)), skipped);
    }

    private static List<QueryFile> Chosen(QueryLibrary library, IReadOnlyList<string> only)
    {
        var unknown = only.FirstOrDefault(id => !library.Findings.Any(f => f.Name.Equals(id, StringComparison.OrdinalIgnoreCase)));
        if (unknown is not null)
            throw new ArgumentException($"There is no finding {unknown}. Known are {string.Join(", ", library.Findings.Select(f => f.Name))}.", nameof(only));

        return [.. library.Findings.Where(f => only.Count == 0 || only.Contains(f.Name, StringComparer.OrdinalIgnoreCase))];
    }

    private static List<Finding> Run(LakeDatabase database, QueryFile query, FindingLimits limits, IReadOnlyDictionary<string, string>? thresholds)
    {
        using var step = FlowLogTelemetry.Start($"finding {query.Name}");
        using var rows = database.RunPrepared(query, thresholds);
        FindingReader.CheckContract(query, rows.Columns);
        return [.. rows.Read().Select(row => FindingReader.Read(query, rows.Columns, row, limits.For(query, database)))];
    }
}
