using FlowLogAnalyzer.Cli.Output;

namespace FlowLogAnalyzer.Tests.Cli.Output;

public class CellTextTests
{
    [Fact]
    public void Times_are_utc_with_milliseconds_only_where_there_are_some()
    {
        var time = new DateTime(2026, 11, 20, 8, 5, 0, DateTimeKind.Utc);

        Assert.Equal("2026-11-20T08:05:00Z", CellText.Of(time));
        Assert.Equal("2026-11-20T08:05:00.250Z", CellText.Of(time.AddMilliseconds(250)));
        Assert.Equal("2026-11-20", CellText.Of(new DateOnly(2026, 11, 20)));
    }

    [Fact]
    public void Lists_and_maps_are_json()
    {
        Assert.Equal("""["a",1]""", CellText.Of(new List<object> { "a", 1 }));
        Assert.Equal("""{"nsg":"nsg-user","share":0.5}""", CellText.Of(new Dictionary<string, object?> { ["nsg"] = "nsg-user", ["share"] = 0.5 }));
    }

    [Theory]
    [InlineData("\u001b[2Jgone", "\\u001b[2Jgone")]
    [InlineData("a\u202eb", "a\\u202eb")]
    [InlineData("tab\there", "tab\\u0009here")]
    [InlineData("Grüße ✓", "Grüße ✓")]
    public void Control_characters_of_a_log_never_reach_the_terminal(string text, string shown)
    {
        Assert.Equal(shown, CellText.Visible(text));
    }
}
