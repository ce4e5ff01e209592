using System.CommandLine;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>How much may be refused before a run that is otherwise fine ends with <see cref="ExitCode.Rejects"/>.</summary>
internal static class RejectTolerance
{
    public const double Default = 0.01;

    public static Option<double> Create() => new("--max-rejects")
    {
        Description = $"Share of tuples that may be refused, 0 to 1; above it, or when a blob cannot be read, the exit code is 4; default: {Default}.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => Default,
        Validators =
        {
            result =>
            {
                if (result.GetValueOrDefault<double>() is not (>= 0 and <= 1))
                    result.AddError("--max-rejects is a share from 0 to 1, such as 0.01 for one in a hundred.");
            },
        },
    };

    public static int ExitCodeFor(long tuplesSeen, long tuplesRejected, int blobsFailed, double tolerated)
    {
        var share = tuplesSeen == 0 ? 0 : (double)tuplesRejected / tuplesSeen;
        return blobsFailed > 0 || share > tolerated ? ExitCode.Rejects : ExitCode.Fine;
    }
}
