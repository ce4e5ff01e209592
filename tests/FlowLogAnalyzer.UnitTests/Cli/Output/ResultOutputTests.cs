using System.Text.Json;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;

namespace FlowLogAnalyzer.Tests.Cli.Output;

public class ResultOutputTests
{
    private static readonly string[] Columns = ["rule", "count", "share"];

    [Fact]
    public async Task Csv_disarms_text_that_a_spreadsheet_would_run_and_leaves_numbers_alone()
    {
        var text = await Write(OutputFormat.Csv, ["=HYPERLINK(\"x\")", -5L, -0.5], ["+1", 2L, null], ["a,b", 3L, 1.0]);

        Assert.Equal("rule,count,share\n\"'=HYPERLINK(\"\"x\"\")\",-5,-0.5\n'+1,2,\n\"a,b\",3,1\n", text);
    }

    [Theory]
    [InlineData("=1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@x")]
    [InlineData("\t=1")]
    public void Each_formula_sign_is_disarmed(string text)
    {
        Assert.StartsWith("'", CsvOutput.Cell(text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markdown_keeps_pipes_and_html_out_of_the_page()
    {
        var text = await Write(OutputFormat.Markdown, ["<script>|`x`", 1L, null]);

        Assert.Equal("| rule | count | share |\n| --- | --- | --- |\n| &lt;script&gt;\\|\\`x\\` | 1 |  |\n", text);
    }

    [Fact]
    public async Task Json_is_an_array_of_objects_with_the_columns_names()
    {
        var text = await Write(OutputFormat.Json, ["UserRule_\"x\"", 1L, double.NaN], ["b", UInt128.MaxValue, 0.25]);

        var rows = JsonDocument.Parse(text).RootElement;
        Assert.Equal(2, rows.GetArrayLength());
        Assert.Equal("UserRule_\"x\"", rows[0].GetProperty("rule").GetString());
        Assert.Equal(JsonValueKind.Null, rows[0].GetProperty("share").ValueKind);
        Assert.Equal(UInt128.MaxValue.ToString(), rows[1].GetProperty("count").GetRawText());
    }

    [Fact]
    public async Task No_rows_are_an_empty_array_and_nothing_per_line()
    {
        Assert.Equal("[]\n", await Write(OutputFormat.Json));
        Assert.Equal("", await Write(OutputFormat.JsonLines));
    }

    [Fact]
    public async Task Json_lines_are_one_object_each()
    {
        var text = await Write(OutputFormat.JsonLines, ["a", 1L, 0.5], ["b\nc", 2L, null]);

        Assert.Equal("{\"rule\":\"a\",\"count\":1,\"share\":0.5}\n{\"rule\":\"b\\nc\",\"count\":2,\"share\":null}\n", text);
    }

    [Fact]
    public async Task A_table_has_no_colours_and_shows_escapes_as_text()
    {
        var text = await Write(OutputFormat.Table, ["\u001b[31mred[bold]", 1L, null]);

        Assert.DoesNotContain('\u001b', text);
        Assert.Contains("\\u001b[31mred[bold]", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_of_many_rows_says_what_it_leaves_out()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter();
        var rows = Enumerable.Range(0, TableOutput.MaxRows + 5).Select(i => (IReadOnlyList<object?>)["r" + i, i, null]);

        await ResultWriter.WriteAsync(ResultSet.Of(Columns, rows), OutputFormat.Table, Host(output, error), TestContext.Current.CancellationToken);

        Assert.Contains("r999", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("r1000", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("1005 rows, the first 1000 shown", error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<string> Write(OutputFormat format, params object?[][] rows)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter();
        await ResultWriter.WriteAsync(ResultSet.Of(Columns, rows), format, Host(output, error), TestContext.Current.CancellationToken);
        return output.ToString();
    }

    private static CliHost Host(TextWriter output, TextWriter error) => new()
    {
        Out = output,
        Error = error,
        OpenInput = () => Stream.Null,
        Clock = TimeProvider.System,
        Variable = _ => null,
        OutIsTerminal = false,
        ErrorIsTerminal = false,
        Width = 100,
    };
}
