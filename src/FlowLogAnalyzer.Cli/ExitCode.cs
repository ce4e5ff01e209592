namespace FlowLogAnalyzer.Cli;

/// <summary>What scripts can rely on; the numbers never change meaning.</summary>
internal static class ExitCode
{
    public const int Fine = 0;

    /// <summary>The command line is wrong; nothing was done.</summary>
    public const int Usage = 1;

    /// <summary>Something that was asked for could not be done.</summary>
    public const int Failed = 2;

    /// <summary>There are findings at or above <c>--fail-on</c>.</summary>
    public const int Findings = 3;

    /// <summary>Everything readable is in the lake, but more was refused than tolerated.</summary>
    public const int Rejects = 4;

    /// <summary>Nothing was looked at: no rows in the window, no inventory, no NSG that matches, no flow log in the source. Silence is not health; <c>--allow-empty</c> makes it 0.</summary>
    public const int NothingLookedAt = 5;

    /// <summary>Stopped by Ctrl+C or a termination signal (128 + SIGINT, as shells count).</summary>
    public const int Cancelled = 130;
}
