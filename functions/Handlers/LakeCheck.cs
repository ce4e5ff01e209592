using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Query.Baselines;

namespace FlowLogAnalyzer.Functions.Handlers;

/// <summary>What <c>flowlog check</c> does, over the last hours, and the baseline for the next check.</summary>
internal static class LakeCheck
{
    public static async Task<CheckResult> RunAsync(Services services, CancellationToken ct)
    {
        await services.Engine.WaitAsync(ct);
        try
        {
            var hours = services.Settings.CheckHours;
            using var window = await services.OpenWindowAsync(hours > 0 ? services.Time.GetUtcNow().UtcDateTime.AddHours(-hours) : null, null, ct);
            await using var stop = ct.Register(window.Database.Interrupt);
            var result = Check.Run(window, ct: ct);
            await new BaselineStore(services.Lake).UpdateAsync(window.Database, ct);
            return result;
        }
        finally
        {
            services.Engine.Release();
        }
    }
}
