using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Query;

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

    [Fact]
    public void The_help_stays_readable_although_names_can_be_completed()
    {
        // System.CommandLine lists every completion in the usage line of an argument that has no name for the help.
        var arguments = CommandLineReference.Verbs(Root).SelectMany(verb => verb.Command.Arguments);

        Assert.All(arguments, argument => Assert.True(argument.CompletionSources.Count == 0 || argument.HelpName is not null, argument.Name));
    }

    public static TheoryData<string> Pages => [.. MarkdownPages.All];

    [Theory, MemberData(nameof(Pages))]
    public void Commands_that_a_page_shows_exist(string page)
    {
        var text = RepositoryFiles.Read(page);
        var commands = CommandsIn(text).Concat(InlineCommands(text)).ToList();

        Assert.All(commands, line => AssertParses(line, page));
    }

    [Fact]
    public void The_check_of_pages_sees_a_verb_that_does_not_exist()
    {
        Assert.Single(CommandsIn("```sh\nflowlog dance --fast\n```\n"));
        Assert.NotEmpty(ErrorsOf("flowlog dance --fast"));
        Assert.NotEmpty(ErrorsOf("flowlog query top_dancers"));
        Assert.NotEmpty(ErrorsOf("flowlog query top_talkers --set tempo=120"));
    }

    private static void AssertParses(string line, string where) =>
        Assert.True(ErrorsOf(line) is [], $"'{line}' ({where}): {string.Join(' ', ErrorsOf(line))}");

    /// <summary>The part of a shell line that calls the tool, parsed: what comes behind a pipe, a redirection or a comment is the shell's.</summary>
    private static IReadOnlyList<string> ErrorsOf(string line)
    {
        var call = ShellTail().Replace(line[(line.IndexOf("flowlog", StringComparison.Ordinal) + "flowlog".Length)..], "");
        var words = CommandLineParser.SplitCommandLine(call).ToList();
        return [.. Root.Parse(words).Errors.Select(error => error.Message), .. UnknownQueries(words)];
    }

    /// <summary>A query that is not in the catalogue, or a parameter that it has not. NAME stands for any query.</summary>
    private static IEnumerable<string> UnknownQueries(List<string> words)
    {
        if (words is not ["query", var name, ..] || name.StartsWith('-') || name == "NAME")
            yield break;

        var query = QueryLibrary.BuiltIn.Find(name);
        if (query is null)
            yield return $"There is no query {name}.";
        foreach (var setting in words.Zip(words.Skip(1)).Where(pair => pair.First == "--set").Select(pair => pair.Second.Split('=')[0]))
            if (query?.Parameters.Any(p => p.Name == setting) == false)
                yield return $"The query {name} has no parameter {setting}.";
    }

    /// <summary>Commands in running text. One in which a capital word stands for a verb or for any options is a pattern.</summary>
    private static IEnumerable<string> InlineCommands(string markdown) => Inline().Matches(Blocks().Replace(markdown, ""))
        .Select(m => m.Groups["line"].Value)
        .Where(line => !line.StartsWith("flowlog VERB", StringComparison.Ordinal) && !Names.Contains(line));

    /// <summary>A verb that a sentence names without what it takes.</summary>
    private static readonly HashSet<string> Names = [.. CommandLineReference.Verbs(Root).Select(verb => $"flowlog {verb.Name}")];

    [GeneratedRegex(@"`(?<line>flowlog [^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Inline();

    /// <summary>Lines of shell blocks that begin with the tool, or run it by <c>dotnet run</c>.</summary>
    private static IEnumerable<string> CommandsIn(string markdown) => Blocks().Matches(markdown)
        .Where(block => block.Groups["language"].Value is "sh" or "bash" or "")
        .SelectMany(block => block.Groups["body"].Value.Split('\n'))
        .Select(line => DotnetRun().Replace(line.Trim(), "flowlog"))
        .Where(line => line.StartsWith("flowlog ", StringComparison.Ordinal));

    [GeneratedRegex("```(?<language>[a-z]*)\n(?<body>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^dotnet run .*?--project src/FlowLogAnalyzer\.Cli --", RegexOptions.None, 1000)]
    private static partial Regex DotnetRun();

    [GeneratedRegex(@"\s(\||>|#|&&).*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ShellTail();
}
