using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Configuration;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>Opens the lake of a command line for questions about one window of time.</summary>
internal static class LakeSession
{
    /// <param name="call">The run of the verb.</param>
    /// <param name="window">UTC; null = no bound.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="configuration">Null = what the flowlog.json in the lake says.</param>
    /// <param name="engine">How much of the machine to use; null = as usual.</param>
    public static async Task<LakeWindow> OpenAsync(
        Invocation call, (DateTime? Since, DateTime? Until) window, CancellationToken ct, FlowLogConfiguration? configuration = null, Func<LakeDatabaseOptions, LakeDatabaseOptions>? engine = null)
    {
        var opened = await (await LoadAsync(call, configuration, engine, ct)).WindowAsync(window.Since, window.Until, ct);
        if (opened.Database.OverlappingRows > 0)
            call.Note($"{opened.Database.OverlappingRows} inventory entries claim the same address or MAC at the same time; the later one is used. `flowlog inventory show` lists what is known.");
        if (opened.LookedAt.OldInventory is { } old)
            call.Note(old);
        return opened;
    }

    /// <summary>The lake, to be opened for one window after the other.</summary>
    /// <exception cref="CliException">There is no lake, or something in its flowlog.json is wrong.</exception>
    public static async Task<LakeWindows> LoadAsync(Invocation call, FlowLogConfiguration? configuration, Func<LakeDatabaseOptions, LakeDatabaseOptions>? engine, CancellationToken ct)
    {
        var lake = await call.OpenLakeAsync(ct);
        try
        {
            var windows = await LakeWindows.LoadAsync(lake, new LakeSettings { Configuration = configuration, Engine = engine, Time = call.Host.Clock }, ct);
            if (configuration is null)
                ConfigurationOption.TellExpired(windows.Configuration, call);
            return windows;
        }
        catch (ConfigurationException e)
        {
            throw new CliException(e.Message, e);
        }
    }
}
