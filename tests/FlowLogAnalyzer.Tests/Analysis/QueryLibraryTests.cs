using System.Text.RegularExpressions;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Engines;

namespace FlowLogAnalyzer.Tests.Analysis;

public class QueryLibraryTests
{
    public static TheoryData<string> Findings => [.. QueryLibrary.BuiltIn.Findings.Select(q => q.Name)];

    /// <summary>The engines write lambdas in ways of their own: DuckDB 2.0 knows no arrow, ClickHouse nothing else.</summary>
    [Fact]
    public void Only_an_engines_own_file_has_lambdas()
    {
        foreach (var file in QueryLibrary.BuiltIn.Queries.Concat(QueryLibrary.BuiltIn.Views).Concat(QueryLibrary.BuiltIn.In("engines").Where(f => f.Name == "duckdb")))
        {
            var tokens = SqlTokens.Of(file.Sql);
            var arrow = tokens.Index().Any(t => t.Item.IsSymbol('-') && t.Index + 1 < tokens.Count && tokens[t.Index + 1].IsSymbol('>'));
            Assert.False(arrow, $"{file.Folder}/{file.Name} has an arrow");
            Assert.True(file.Folder == "engines" || !tokens.Exists(t => t.Is("lambda")), $"{file.Folder}/{file.Name} has a lambda");
        }
    }

    [Theory]
    [MemberData(nameof(Findings))]
    public void A_finding_query_has_a_complete_header_and_its_texts_name_its_own_columns(string id)
    {
        var query = QueryLibrary.BuiltIn.Find(id)!;
        Assert.All([query.Title, query.Explanation, query.EvidenceSql, query.FalsePositives], Assert.NotEmpty);
        Assert.NotNull(query.Severity);
        Assert.NotNull(query.Confidence);
        Assert.NotEmpty(query.Inputs);
        using var lake = new LakeBuilder();
        using var database = lake.Open();

        using var rows = database.Run(query);

        FindingReader.CheckContract(query, rows.Columns);
        var names = rows.Columns.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        var used = Regex.Matches(query.Explanation + query.Fix + query.EvidenceSql, @"\{(\w+)(:percent)?\}").Select(m => m.Groups[1].Value);
        Assert.All(used, name => Assert.Contains(name, names));
    }

    [Fact]
    public void A_parameter_changes_what_a_query_returns_and_the_next_run_has_its_default_again()
    {
        using var cluster = new StoryCluster();
        cluster.Probes("user", 0, 5, deny: true);
        using var database = cluster.Open();
        var query = database.Library.Find("denied_by_source")!;

        Assert.Empty(Rows(database, query, ("rows", "0")));
        Assert.Single(Rows(database, query));
    }

    [Fact]
    public void The_folder_and_what_is_built_in_are_the_same()
    {
        var folder = QueryLibrary.FromDirectory(Path.Combine(RepositoryRoot(), "queries"));

        Assert.Equal(QueryLibrary.BuiltIn.Queries.Select(q => (q.Folder, q.Name, q.Sql)), folder.Queries.Select(q => (q.Folder, q.Name, q.Sql)));
        Assert.Equal(QueryLibrary.BuiltIn.Views.Select(q => q.Name), folder.Views.Select(q => q.Name));
    }

    [Fact]
    public void A_header_is_read_key_by_key()
    {
        var query = QueryHeader.Read("findings", "X-001", """
            -- title: One
            --   and more
            -- severity: high
            -- inputs: nodes, endpoints?
            -- param: min_ports integer 50 — ports in one window
            -- param: name varchar '' — whose
            -- attack: T1046, T1018
            select 1
            -- title: not a header any more
            """);

        Assert.Equal("One and more", query.Title);
        Assert.Equal(Severity.High, query.Severity);
        Assert.Equal([new QueryInput("nodes", false), new QueryInput("endpoints", true)], query.Inputs);
        Assert.Equal([new QueryParameter("min_ports", "integer", "50", "ports in one window"), new QueryParameter("name", "varchar", "''", "whose")], query.Parameters);
        Assert.Equal(["T1046", "T1018"], query.Attack);
    }

    [Theory]
    [InlineData("-- titel: One", "titel")]
    [InlineData("-- severity: bad", "critical")]
    [InlineData("-- severity: 3", "critical")]
    [InlineData("-- param: min_ports 50", "name type default")]
    [InlineData("-- no key here", "neither")]
    public void A_header_that_cannot_be_read_is_named_with_its_file(string header, string reason)
    {
        var error = Assert.Throws<InvalidDataException>(() => QueryHeader.Read("findings", "X-001", header + "\nselect 1"));

        Assert.Contains("queries/findings/X-001.sql", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static List<object?[]> Rows(LakeDatabase database, QueryFile query, params (string, string)[] variables)
    {
        using var rows = database.Run(query, variables.ToDictionary(v => v.Item1, v => v.Item2, StringComparer.Ordinal));
        return [.. rows.Read()];
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "FlowLogAnalyzer.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("FlowLogAnalyzer.sln lies in no parent of the tests.");
        return folder;
    }
}
