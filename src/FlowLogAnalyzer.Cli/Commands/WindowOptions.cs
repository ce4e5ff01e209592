using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>--since</c> and <c>--until</c>.</summary>
internal sealed class WindowOptions
{
    private readonly Option<string?> _since = new("--since") { Description = $"Only tuples at or after this time: {TimeExpression.Forms}.", HelpName = "TIME" };

    private readonly Option<string?> _until = new("--until") { Description = "Only tuples before this time.", HelpName = "TIME" };

    public void AddTo(Command command)
    {
        command.Options.Add(_since);
        command.Options.Add(_until);
    }

    public (DateTime? Since, DateTime? Until) Read(Invocation call)
    {
        var (since, until) = (call.Time(_since), call.Time(_until));
        return since < until || since is null || until is null
            ? (since, until)
            : throw new UsageException("--until must be later than --since.");
    }
}
