using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>How much may be refused before a run that is otherwise fine ends with <see cref="ExitCode.Rejects"/>.</summary>
internal static class RejectTolerance
{
    public const double Default = 0.01;

    public static Option<double> Create() => new Option<double>("--max-rejects")
    {
        Description = $"Share of tuples that may be refused, 0 to 1; above it, or when a blob cannot be read, the exit code is 4; default: {Default}.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => Default,
    }.AcceptOnlyFrom(0, 1, "a share", ", such as 0.01 for one in a hundred");

    public static int ExitCodeFor(long tuplesSeen, long tuplesRejected, int blobsFailed, double tolerated)
    {
        var share = tuplesSeen == 0 ? 0 : (double)tuplesRejected / tuplesSeen;
        return blobsFailed > 0 || share > tolerated ? ExitCode.Rejects : ExitCode.Fine;
    }
}
