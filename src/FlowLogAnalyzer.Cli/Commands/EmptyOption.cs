using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>--allow-empty</c>: that nothing was looked at is said, but does not make the run fail.</summary>
internal sealed class EmptyOption
{
    private readonly Option<bool> _allow = new("--allow-empty")
    {
        Description = "Exit code 0 instead of 5 when nothing was looked at, for want of rows, inventory or rules.",
    };

    public void AddTo(Command command) => command.Options.Add(_allow);

    /// <summary>Whether to go on and answer from nothing.</summary>
    public bool IsAllowed(Invocation call) => call.Get(_allow);

    /// <summary>The exit code of a run: what it found weighs more than what it could not look at.</summary>
    /// <param name="call">The run.</param>
    /// <param name="nothing">Why nothing was looked at; null when something was.</param>
    /// <param name="code">The exit code otherwise.</param>
    public int Code(Invocation call, string? nothing, int code = ExitCode.Fine)
    {
        if (nothing is null)
            return code;

        nothing = $"{nothing} (Lake: {call.LakeName})";
        if (IsAllowed(call) || code != ExitCode.Fine)
        {
            call.Note(nothing);
            return code;
        }

        call.Fail(nothing);
        return ExitCode.NothingLookedAt;
    }
}
