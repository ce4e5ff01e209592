using System.Diagnostics;

namespace FlowLogAnalyzer.Tests.Cli;

/// <summary>The printed script, loaded by a real bash that is asked for the words that could follow.</summary>
public class CompletionTests
{
    [Theory]
    [InlineData("flowlog que", "query")]
    [InlineData("flowlog query top_", "top_talkers")]
    [InlineData("flowlog query top_talkers --set ro", "rows=20")]
    [InlineData("flowlog check --only LBP-001", "LBP-001")]
    [InlineData("flowlog fix LBC-001", "LBC-001")]
    [InlineData("flowlog lab second", "second-hop-denied")]
    [InlineData("flowlog query --output js", "json jsonl")]
    [InlineData("flowlog completion z", "zsh")]
    public async Task Bash_completes(string typed, string expected) => Assert.Equal(expected, await CompleteAsync(typed));

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task Every_shell_has_a_script(string shell)
    {
        var run = await CliRun.Of("completion", shell);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("[suggest:", run.Out, StringComparison.Ordinal);
    }

    private static async Task<string> CompleteAsync(string typed)
    {
        var script = (await CliRun.Of("completion", "bash")).Out;
        var start = new ProcessStartInfo("bash") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["FLOWLOG_DLL"] = Path.Combine(AppContext.BaseDirectory, "flowlog.dll");
        start.Environment["COMP_LINE"] = typed;
        using var bash = Process.Start(start)!;
        await bash.StandardInput.WriteAsync($$"""
            flowlog() { dotnet exec "$FLOWLOG_DLL" "$@"; }
            {{script}}
            COMP_POINT=${#COMP_LINE}
            read -ra COMP_WORDS <<< "$COMP_LINE"
            [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _flowlog
            printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd' '
            """.ReplaceLineEndings("\n") + "\n");
        bash.StandardInput.Close();
        var words = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        return words.Trim();
    }
}
