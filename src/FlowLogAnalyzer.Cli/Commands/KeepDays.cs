using System.CommandLine;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>How long old versions of the table stay readable.</summary>
internal static class KeepDays
{
    /// <param name="days">The default.</param>
    /// <param name="more">What else there is to say about it.</param>
    public static Option<double> Option(double days, string more = "") => new("--keep-days")
    {
        Description = $"Versions of the table younger than this stay readable, 0 to 30; default: {days}.{more}",
        HelpName = "DAYS",
        DefaultValueFactory = _ => days,
        Validators =
        {
            result =>
            {
                if (result.GetValueOrDefault<double>() is not (>= 0 and <= 30))
                    result.AddError("--keep-days is a number from 0 to 30.");
            },
        },
    };
}
