using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Engines;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>Which engine answers in this flow of a test: the cases know nothing of it, so each can be asked of either.</summary>
internal static class TestEngine
{
    private static readonly AsyncLocal<Func<LakeDatabaseOptions, LakeDatabaseOptions>?> Change = new();

    public static LakeDatabaseOptions Apply(LakeDatabaseOptions options) => Change.Value?.Invoke(options) ?? options;

    /// <summary>DuckDB, and the queries as they lie in the repository.</summary>
    public static T OnDuckDb<T>(Func<T> ask) => With(options => options with { Library = Library.Value }, ask);

    /// <summary>The server, and the same queries. Single files, which no Delta log names, are read as such.</summary>
    public static T OnClickHouse<T>(ClickHouseOptions server, Func<T> ask) => With(
        options => options with
        {
            Library = Library.Value,
            ClickHouse = server with { Source = options.Location is null && options.Files.Count > 0 ? $"file('{options.Files.Single()}', Parquet)" : server.Source },
        },
        ask);

    private static Lazy<QueryLibrary> Library { get; } = new(() => QueryLibrary.FromDirectory(Path.Combine(RepositoryPaths.Root, "queries")));

    private static T With<T>(Func<LakeDatabaseOptions, LakeDatabaseOptions> change, Func<T> ask)
    {
        Change.Value = change;
        try
        {
            return ask();
        }
        finally
        {
            Change.Value = null;
        }
    }
}
