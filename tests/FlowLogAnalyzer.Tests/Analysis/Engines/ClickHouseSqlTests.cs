using FlowLogAnalyzer.Query.Engines;

namespace FlowLogAnalyzer.Tests.Analysis.Engines;

public class ClickHouseSqlTests
{
    [Theory]
    [InlineData("select 'a\\_b', \"c\\d\"", """select 'a\\_b', "c\d" """)]
    [InlineData("select 'it''s; -- no comment'", "select 'it''s; -- no comment'")]
    [InlineData("select timestamptz '2026-11-20 10:00:00.5+00'", "select toDateTime64('2026-11-20 10:00:00.5', 6, 'UTC')")]
    [InlineData("select coalesce(getvariable('port'), 80)", "select coalesce(cast('22' as integer), 80)")]
    [InlineData("select getvariable( 'other' ) -- getvariable('port')", "select null -- getvariable('port')")]
    [InlineData("select 'getvariable(''port'')'", "select 'getvariable(''port'')'")]
    [InlineData("select getvariable from t", "select getvariable from t")]
    public void A_statement_goes_as_it_stands_but_for_literals_and_variables(string sql, string expected)
    {
        var variables = new Dictionary<string, string> { ["port"] = "cast('22' as integer)" };

        Assert.Equal(expected.Trim(), ClickHouseSql.Of(SqlTokens.Of(sql), variables));
    }

    [Fact]
    public void A_value_of_a_variable_stays_a_literal()
    {
        var variables = new Dictionary<string, string> { ["name"] = @"'a\'' or getvariable(''name'')'" };

        Assert.Equal(@"select 'a\\'' or getvariable(''name'')'", ClickHouseSql.Of(SqlTokens.Of("select getvariable('name')"), variables));
    }

    [Theory]
    [InlineData("-- What it is for.\ncreate or replace macro in_prefix(ip, prefix) as\n  (ip_number(ip) = ip_number(prefix));")]
    [InlineData("create or replace function in_prefix as (ip, prefix) ->\n  (ip_number(ip) = ip_number(prefix));")]
    public void A_macro_becomes_a_function(string sql)
    {
        var (name, lambda) = Assert.NotNull(ClickHouseSql.Function(SqlTokens.Statements(sql).Single()));

        Assert.Equal("in_prefix", name);
        Assert.Equal("(ip, prefix) ->\n  (ip_number(ip) = ip_number(prefix))", string.Concat(lambda.Select(t => t.Text)));
    }

    [Fact]
    public void A_view_is_no_function() => Assert.Null(ClickHouseSql.Function(SqlTokens.Of("create or replace view macro as select 1")));

    [Fact]
    public void A_script_is_cut_at_semicolons_outside_of_literals_and_comments()
    {
        var statements = SqlTokens.Statements("-- a; b\nselect ';' /* ; */; ;\nselect \"x;y\";\n-- end").Select(s => string.Concat(s.Select(t => t.Text)).Trim());

        Assert.Equal(["-- a; b\nselect ';' /* ; */", "select \"x;y\""], statements);
    }

    [Fact]
    public void The_tokens_of_a_text_are_the_text()
    {
        const string Sql = "select 'open, \"and -- /* never closed";

        Assert.Equal(Sql, string.Concat(SqlTokens.Of(Sql).Select(t => t.Text)));
    }
}
