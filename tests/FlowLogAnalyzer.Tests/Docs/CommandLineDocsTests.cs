using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using FlowLogAnalyzer.Cli.Hosting;

namespace FlowLogAnalyzer.Tests.Docs;

public partial class CommandLineDocsTests
{
    private static readonly RootCommand Root = CommandTree.Build(CliHost.OfThisProcess());

    [Fact]
    public void The_page_of_the_command_line_is_what_the_code_says()
    {
        RepositoryFiles.AssertGenerated("docs/cli.md", CommandLineReference.Page(Root));
    }

    [Fact]
    public void Every_verb_teaches_with_two_or_three_examples_that_parse()
    {
        foreach (var (name, command) in CommandLineReference.Verbs(Root).Where(verb => verb.Command.Subcommands.Count == 0))
        {
            var verb = Assert.IsType<Verb>(command);
            Assert.InRange(verb.Examples.Count, 2, 3);
            Assert.All(verb.Examples, example => AssertParses(example.CommandLine, $"an example of {name}"));
            Assert.Contains(verb.Examples, example => example.CommandLine.Contains($"flowlog {name}", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("docs/how-it-works.md")]
    public void Commands_that_a_page_shows_exist(string page)
    {
        var commands = CommandsIn(RepositoryFiles.Read(page)).ToList();

        Assert.All(commands, line => AssertParses(line, page));
    }

    [Fact]
    public void The_check_of_pages_sees_a_verb_that_does_not_exist()
    {
        Assert.Single(CommandsIn("```sh\nflowlog dance --fast\n```\n"));
        Assert.NotEmpty(ErrorsOf("flowlog dance --fast"));
    }

    private static void AssertParses(string line, string where) =>
        Assert.True(ErrorsOf(line) is [], $"'{line}' ({where}): {string.Join(' ', ErrorsOf(line))}");

    /// <summary>The part of a shell line that calls the tool, parsed: what comes behind a pipe, a redirection or a comment is the shell's.</summary>
    private static IReadOnlyList<string> ErrorsOf(string line)
    {
        var call = ShellTail().Replace(line[(line.IndexOf("flowlog", StringComparison.Ordinal) + "flowlog".Length)..], "");
        var words = CommandLineParser.SplitCommandLine(call);
        return [.. Root.Parse([.. words]).Errors.Select(error => error.Message)];
    }

    /// <summary>Lines of shell blocks that begin with the tool, or run it by <c>dotnet run</c>.</summary>
    private static IEnumerable<string> CommandsIn(string markdown) => ShellBlocks().Matches(markdown)
        .SelectMany(block => block.Groups["body"].Value.Split('\n'))
        .Select(line => DotnetRun().Replace(line.Trim(), "flowlog"))
        .Where(line => line.StartsWith("flowlog ", StringComparison.Ordinal));

    [GeneratedRegex("```(sh|bash)\n(?<body>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ShellBlocks();

    [GeneratedRegex(@"^dotnet run .*?--project src/FlowLogAnalyzer\.Cli --", RegexOptions.None, 1000)]
    private static partial Regex DotnetRun();

    [GeneratedRegex(@"\s(\||>|#|&&).*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ShellTail();
}
