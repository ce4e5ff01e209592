using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>How long old versions of the table stay readable.</summary>
internal static class KeepDays
{
    /// <param name="days">The default.</param>
    /// <param name="more">What else there is to say about it.</param>
    public static Option<double> Option(double days, string more = "") => new Option<double>("--keep-days")
    {
        Description = $"Versions of the table younger than this stay readable, 0 to 30; default: {days}.{more}",
        HelpName = "DAYS",
        DefaultValueFactory = _ => days,
    }.AcceptOnlyFrom(0, 30);
}
