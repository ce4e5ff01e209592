using FlowLogAnalyzer.Functions.Protocol;
using FlowLogAnalyzer.Lake.Maintenance;

namespace FlowLogAnalyzer.Functions.Handlers;

/// <summary>Keeps the lake small.</summary>
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
}
