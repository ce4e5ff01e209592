using System.CommandLine;
using System.CommandLine.Help;
using System.Text;
using FlowLogAnalyzer.Cli.Hosting;

namespace FlowLogAnalyzer.Tests.Docs;

/// <summary>The command tree as a Markdown page.</summary>
internal static class CommandLineReference
{
    public static string Page(RootCommand root)
    {
        var page = new StringBuilder();
        page.Append("# Command line\n\nGenerated from the command tree; do not edit. `UPDATE=1 dotnet test` rewrites it.\n\n")
            .Append("Data goes to standard output, everything else to standard error. All times are UTC. Exit codes: 0 fine, 1 usage, 2 failed, ")
            .Append("3 findings at or above `--fail-on`, 4 finished with more rejects than tolerated, ")
            .Append("5 nothing was looked at (no rows in the window, no inventory, no NSG that matches, no flow log in the source), 130 cancelled. ")
            .Append("0 never means that nothing was looked at; `--allow-empty` is for those who want it so.\n\n")
            .Append("Options of every verb:\n\n");
        Options(page, root);
        foreach (var command in root.Subcommands)
            Write(page, command, $"flowlog {command.Name}");

        return page.ToString();
    }

    /// <summary>Verbs and groups with their full names, without <c>flowlog</c>: "lake info".</summary>
    public static IEnumerable<(string Name, Command Command)> Verbs(Command parent, string prefix = "") => parent.Subcommands
        .SelectMany(child => Verbs(child, $"{prefix}{child.Name} ").Prepend((prefix + child.Name, child)));

    private static void Write(StringBuilder page, Command command, string name)
    {
        page.Append($"## {name}\n\n{command.Description}\n\n");
        if (command.Arguments.Count > 0 || command.Options.Any(o => o is not HelpOption))
        {
            page.Append("| | |\n|---|---|\n");
            foreach (var argument in command.Arguments)
                page.Append($"| `{argument.HelpName ?? argument.Name.ToUpperInvariant()}`{Many(argument.Arity)} | {Cell(argument.Description)} |\n");
            foreach (var option in command.Options.Where(o => o is not HelpOption))
                page.Append(Row(option));
            page.Append('\n');
        }

        if (command is Verb { Examples.Count: > 0 } verb)
            Examples(page, verb);
        foreach (var child in command.Subcommands)
            Write(page, child, $"{name} {child.Name}");
    }

    private static void Examples(StringBuilder page, Verb verb)
    {
        foreach (var example in verb.Examples)
            page.Append($"{example.What}\n\n```sh\n{example.CommandLine}\n```\n\n");
    }

    private static void Options(StringBuilder page, RootCommand root)
    {
        page.Append("| | |\n|---|---|\n");
        foreach (var option in root.Options)
            page.Append(Row(option));
        page.Append('\n');
    }

    private static string Row(Option option)
    {
        var names = string.Join(", ", option.Aliases.Order(StringComparer.Ordinal).Prepend(option.Name).Select(name => $"`{name}`"));
        var value = option.HelpName is { } help ? $" {help}" : "";
        return $"| {names}{value} | {Cell(option.Description)} |\n";
    }

    private static string Many(ArgumentArity arity) => arity.MaximumNumberOfValues > 1 ? "…" : "";

    private static string Cell(string? text) => (text ?? "").Replace("|", "\\|", StringComparison.Ordinal);
}
