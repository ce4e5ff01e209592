using FlowLogAnalyzer.Analysis;
using FlowLogAnalyzer.Functions.Protocol;
using FlowLogAnalyzer.Lake.Upkeep;

namespace FlowLogAnalyzer.Functions.Handlers;

/// <summary>What runs on a timer besides the sweep.</summary>
internal static class UpkeepFunctions
{
    public static async Task<InvocationAnswer> CompactAsync(Services services, Invocation invocation, CancellationToken ct)
    {
        var compact = await new LakeCompactor(services.Lake, services.Time).RunAsync(new CompactOptions(), ct);
        var checkpoint = await new LakeCheckpoint(services.Lake, services.Time).RunAsync(TimeSpan.FromDays(1), ct);
        var vacuum = await new LakeVacuum(services.Lake, services.Time).RunAsync(new VacuumOptions(), ct);
        return InvocationAnswer.Fine(
            $"Merged {compact.FilesBefore} files into {compact.FilesAfter} ({compact.Rows} rows, {compact.Conflicts} conflicts); deleted {vacuum.Files.Count} files ({vacuum.Bytes} bytes) that nothing refers to; {checkpoint.Positions} reading positions went to the archive, {checkpoint.LogFiles} log files were deleted.");
    }

    /// <summary>
    /// New findings go to the output binding. They are marked as told when the host has the answer: killed before, they
    /// are told by the next check; told twice is possible, not told is not.
    /// </summary>
    public static async Task<InvocationAnswer> CheckAsync(Services services, Invocation invocation, CancellationToken ct)
    {
        await services.Engine.WaitAsync(ct);
        try
        {
            var since = services.Time.GetUtcNow().UtcDateTime.AddHours(-services.Settings.CheckHours);
            using var database = await services.OpenDatabaseAsync(services.Settings.CheckHours > 0 ? since : null, null, ct);
            var result = FindingRunner.Run(database, cancellation: ct);
            var journal = new FindingJournal(services.Lake, services.Time);
            var untold = await journal.UntoldAsync(result.Findings, ct);
            return new InvocationAnswer
            {
                Outputs = untold.Count == 0
                    ? new Dictionary<string, IReadOnlyList<string>>()
                    : new Dictionary<string, IReadOnlyList<string>> { ["findings"] = [.. untold.Select(FindingJournal.Json)] },
                Logs = [$"{result.Findings.Count} findings, {untold.Count} of them not told before, {result.Skipped.Count} not looked for."],
                Afterwards = token => journal.SaveAsync(untold, token).AsTask(),
            };
        }
        finally
        {
            services.Engine.Release();
        }
    }
}
