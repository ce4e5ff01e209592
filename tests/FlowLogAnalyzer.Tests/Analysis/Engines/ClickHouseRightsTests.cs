using FlowLogAnalyzer.Query.Engines;

namespace FlowLogAnalyzer.Tests.Analysis.Engines;

public class ClickHouseRightsTests
{
    private const string Own = "GRANT SELECT, INSERT, CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP DATABASE, DROP TABLE, DROP VIEW ON flowlog_*.* TO flowlog";
    private const string Functions = "GRANT CREATE FUNCTION, CREATE TEMPORARY TABLE ON *.* TO flowlog";

    [Theory]
    [InlineData("lakes.tuples", Own, Functions, "GRANT SELECT ON lakes.tuples TO flowlog")]
    [InlineData("deltaLakeAzure('https://a', 'b', 'c')", Own, Functions, "GRANT AZURE ON *.* TO flowlog")]
    [InlineData("deltaLakeAzureCluster('all', lake)", Own, Functions, "GRANT NAMED COLLECTION ON lake TO flowlog", "GRANT READ ON AZURE TO flowlog", "GRANT CLUSTER, REMOTE ON *.* TO flowlog")]
    [InlineData("deltaLakeLocal('/lake/tuples')", Own, Functions, "GRANT FILE ON *.* TO flowlog", "GRANT TABLE ENGINE ON MergeTree TO flowlog")]
    [InlineData("", "")]
    public void A_user_of_its_own_is_let_in(string source, params string[] grants) => Assert.Empty(ClickHouseRights.Beyond(grants, source));

    [Theory]
    [InlineData("SELECT ON *.*", "GRANT SELECT ON *.* TO flowlog")]
    [InlineData("SELECT ON lakes.*", "GRANT SELECT ON lakes.* TO flowlog")]
    [InlineData("SELECT ON lakes.other", "GRANT SELECT(a, b), CREATE FUNCTION ON lakes.other TO flowlog")]
    [InlineData("URL ON *.*", "GRANT URL, CREATE FUNCTION ON *.* TO flowlog")]
    [InlineData("FILE ON *.*", "GRANT FILE ON *.* TO flowlog")]
    [InlineData("ALL ON *.*", "GRANT ALL ON *.* TO flowlog WITH GRANT OPTION")]
    [InlineData("NAMED COLLECTION ON *", "GRANT NAMED COLLECTION ON * TO flowlog")]
    [InlineData("NAMED COLLECTION ON other", "GRANT NAMED COLLECTION ON other TO flowlog")]
    [InlineData("SELECT ON flowlog_*.*", "GRANT SELECT ON flowlog_*.* TO flowlog WITH GRANT OPTION")]
    [InlineData("SELECT ON flowlog.secrets", "GRANT SELECT ON flowlog.secrets TO flowlog")]
    [InlineData("SELECT ON AZURE_data.t", "GRANT SELECT ON AZURE_data.t TO flowlog")]
    [InlineData("GRANT admin TO flowlog", "GRANT admin TO flowlog")]
    public void What_is_more_than_that_is_named(string expected, string grant) => Assert.Equal([expected], ClickHouseRights.Beyond([Own, grant], "lakes.tuples"));
}
