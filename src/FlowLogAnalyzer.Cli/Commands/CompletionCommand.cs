using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog completion</c>: a script by which a shell asks the tool what could come next.</summary>
internal static class CompletionCommand
{
    /// <summary>Lines that end in what has been typed are answered by the directive [suggest] of System.CommandLine.</summary>
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _flowlog() {
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$(flowlog "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _flowlog flowlog
            """,
        ["zsh"] = """
            _flowlog() {
              local -a found
              found=(${(f)"$(flowlog "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)"})
              if (( $#found )); then compadd -a found; else _files; fi
            }
            compdef _flowlog flowlog
            """,
        ["fish"] = """
            complete -c flowlog -a '(flowlog "[suggest:"(string length -- (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName flowlog -ScriptBlock {
              param($word, $line, $position)
              flowlog "[suggest:$position]" "$line" | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """,
    };

    private static readonly Argument<string> Shell = Known();

    public static Command Create(CliHost host)
    {
        var verb = new Verb("completion", "Prints a script by which a shell completes verbs, options, names of queries and their parameters, findings and scenarios.",
            new("flowlog completion bash >> ~/.bashrc", "For every new bash; zsh (after compinit), fish and pwsh likewise."),
            new("flowlog completion fish > ~/.config/fish/completions/flowlog.fish", "For fish."));
        verb.Arguments.Add(Shell);
        return verb.Does(host, async (call, ct) =>
        {
            await call.Host.Out.WriteLineAsync(Scripts[call.Get(Shell)!].ReplaceLineEndings("\n").AsMemory(), ct);
            return ExitCode.Fine;
        });
    }

    private static Argument<string> Known()
    {
        var shell = new Argument<string>("SHELL") { HelpName = "SHELL", Description = $"{string.Join(", ", Scripts.Keys)}." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        return shell;
    }
}
