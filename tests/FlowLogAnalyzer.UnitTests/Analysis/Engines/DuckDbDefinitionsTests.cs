using FlowLogAnalyzer.Query.Engines;

namespace FlowLogAnalyzer.Tests.Analysis.Engines;

public class DuckDbDefinitionsTests
{
    private readonly List<string> _executed = [];

    [Fact]
    public void A_statement_makes_what_it_asks_for_and_what_lies_below_in_order_and_once()
    {
        var definitions = With("create or replace view a as select 1 as x; create or replace view b as select x from a; create or replace view c as select 2;");
        Assert.Empty(_executed);

        definitions.MakeFor("select * from \"b\" join a using (x)");
        definitions.MakeFor("select * from b");

        Assert.Equal(["a", "b"], Made());
    }

    [Fact]
    public void A_macro_that_a_view_calls_is_made_with_the_view_that_the_macro_reads()
    {
        var definitions = With("create or replace view a as select 1 as x; create or replace macro m(y) as (select max(x) + y from a); create or replace view b as select m(2);");

        definitions.MakeFor("select * from b");

        Assert.Equal(["a", "m", "b"], Made());
    }

    [Fact]
    public void A_column_called_like_a_later_view_does_not_make_that_view_first()
    {
        var definitions = With("create or replace view a as select 1 as b; create or replace view b as select * from a;");

        definitions.MakeFor("select * from a");

        Assert.Equal(["a"], Made());
    }

    [Fact]
    public void Comments_follow_their_view_and_other_statements_run_at_once()
    {
        var definitions = With("create or replace view a as select 1; comment on view a is 'one'; set x = 1;");
        Assert.Equal("set x = 1", Assert.Single(_executed).Trim());

        definitions.MakeFor("select * from a");

        Assert.StartsWith("comment on view a", _executed[^1].Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show tables")]
    [InlineData("select view_name from duckdb_views()")]
    [InlineData("select * from information_schema.tables")]
    [InlineData("select * from query_table('a')")]
    public void Whoever_asks_what_is_there_gets_everything(string sql)
    {
        var definitions = With("create or replace view a as select 1; create or replace view b as select * from a;");

        definitions.MakeFor(sql);

        Assert.Equal(["a", "b"], Made());
    }

    private DuckDbDefinitions With(string script)
    {
        var definitions = new DuckDbDefinitions(_executed.Add);
        definitions.Add(script);
        return definitions;
    }

    private IEnumerable<string> Made() => _executed.Select(sql => sql.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4].Split('(')[0]);
}
