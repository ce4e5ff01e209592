using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;

namespace FlowLogAnalyzer.Tests.Cli.Output;

/// <summary>Every output may go to a terminal, and every text may come from somebody else.</summary>
public class TerminalWriterTests
{
    private const string Nasty = "a\u001b]0;owned\u0007\u001b[8m\u009b2J\rb\u202e\u2066\b";

    [Theory]
    [InlineData(OutputFormat.Csv)]
    [InlineData(OutputFormat.Json)]
    [InlineData(OutputFormat.JsonLines)]
    [InlineData(OutputFormat.Markdown)]
    [InlineData(OutputFormat.Table)]
    internal async Task Nothing_but_text_reaches_a_terminal(OutputFormat format)
    {
        var text = await WriteAsync(format, isTerminal: true);

        Assert.DoesNotContain(text, c => c != '\n' && (char.IsControl(c) || c is '\u202e' or '\u2066'));
        Assert.Contains("owned", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_gets_what_is_there() => Assert.Contains(Nasty, await WriteAsync(OutputFormat.Csv, isTerminal: false), StringComparison.Ordinal);

    [Fact]
    public async Task Whatever_method_writes_it_the_text_is_safe()
    {
        using var raw = new StringWriter { NewLine = "\n" };
        using var writer = TerminalWriter.Over(raw);
        writer.Write(Nasty);
        writer.Write(Nasty.ToCharArray());
        writer.Write(Nasty.AsSpan());
        foreach (var c in Nasty)
            writer.Write(c);
        writer.Write("{0}", Nasty);
        writer.Write((object)Nasty);
        writer.WriteLine(Nasty);
        writer.WriteLine(Nasty.ToCharArray());
        await writer.WriteAsync(Nasty);
        await writer.WriteAsync(Nasty.AsMemory(), TestContext.Current.CancellationToken);
        await writer.WriteLineAsync(Nasty);
        await writer.WriteLineAsync(Nasty.AsMemory(), TestContext.Current.CancellationToken);
        await writer.WriteLineAsync("a\tb\r\n");

        Assert.DoesNotContain(raw.ToString(), c => c is not ('\n' or '\t') && char.IsControl(c));
        Assert.EndsWith("a\tb\n\n", raw.ToString(), StringComparison.Ordinal);
    }

    private static async Task<string> WriteAsync(OutputFormat format, bool isTerminal)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter();
        var host = new CliHost
        {
            Out = output,
            Error = error,
            OpenInput = () => Stream.Null,
            Clock = TimeProvider.System,
            Variable = name => name == "NO_COLOR" ? "1" : null,
            OutIsTerminal = isTerminal,
            ErrorIsTerminal = isTerminal,
            Width = 400,
        }.Guarded();
        await ResultWriter.WriteAsync(ResultSet.Of([Nasty], [[Nasty]]), format, host, TestContext.Current.CancellationToken);
        return output.ToString();
    }
}
