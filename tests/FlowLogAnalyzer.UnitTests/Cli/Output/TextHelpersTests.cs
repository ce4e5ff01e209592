using FlowLogAnalyzer.Cli.Output;

namespace FlowLogAnalyzer.Tests.Cli.Output;

public class TextHelpersTests
{
    [Fact]
    public void Lines_break_at_spaces_and_go_on_below_the_first_word()
    {
        Assert.Equal("one two\n  three\n  averyveryverylongword\n  four", TextWrap.Wrap("one  two three averyveryverylongword four", 10, 2));
    }

    [Fact]
    public void A_text_that_fits_stays_on_its_line()
    {
        Assert.Equal("one two", TextWrap.Wrap("one two", 80, 2));
        Assert.Equal("", TextWrap.Wrap("", 80, 2));
    }

    [Theory]
    [InlineData("./lake", "./lake")]
    [InlineData("my lake", "\"my lake\"")]
    [InlineData("", "\"\"")]
    [InlineData("select 'a' where \"x\" = $1", "\"select 'a' where \\\"x\\\" = \\$1\"")]
    [InlineData("`rm`", "\"\\`rm\\`\"")]
    public void A_text_is_one_word_for_the_shell(string text, string quoted)
    {
        Assert.Equal(quoted, ShellText.Quote(text));
    }
}
