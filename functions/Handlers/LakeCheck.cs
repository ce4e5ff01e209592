using System.Text;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Baselines;
using FlowLogAnalyzer.Query.Configuration;

namespace FlowLogAnalyzer.Functions.Handlers;

/// <summary>What <c>flowlog check</c> does: with the rules, with flowlog.json when one lies in the lake, and with the baseline.</summary>
internal static class LakeCheck
{
    /// <summary>Below the lake's root.</summary>
    private const string ConfigurationFile = "flowlog.json";

    public static async Task<CheckResult> RunAsync(Services services, CancellationToken ct)
    {
        await services.Engine.WaitAsync(ct);
        try
        {
            var now = services.Time.GetUtcNow().UtcDateTime;
            var configuration = await ConfigurationAsync(services, ct);
            var lake = await LakeWindows.LoadAsync(services.Lake, configuration, ct);
            var since = services.Settings.CheckHours > 0 ? now.AddHours(-services.Settings.CheckHours) : (DateTime?)null;
            using var database = await lake.OpenAsync(since, null, services.Sized, ct);
            await using var stop = ct.Register(database.Interrupt);
            var result = EngineCheck.Run(database, new NetworkModel(lake.Inventory), new CheckOptions { Configuration = configuration, Now = now }, ct);
            await new BaselineStore(services.Lake).UpdateAsync(database, ct);
            return result;
        }
        finally
        {
            services.Engine.Release();
        }
    }

    /// <exception cref="ConfigurationException">Something in the file is wrong: no check is better than one with other thresholds.</exception>
    private static async Task<FlowLogConfiguration> ConfigurationAsync(Services services, CancellationToken ct) =>
        await services.Lake.Store.ReadAllAsync(ConfigurationFile, ct) is { } content
            ? ConfigurationReader.Read(Encoding.UTF8.GetString(content), $"{services.Lake.Location}/{ConfigurationFile}")
            : FlowLogConfiguration.None;
}
