namespace FlowLogAnalyzer.Lake.Storage;

/// <summary>What every store can do with its few operations.</summary>
internal static class LakeStoreExtensions
{
    private const int DeletesAtOnce = 16;

    /// <summary>Deletes many files, several at a time: over a network most of the time is waiting.</summary>
    public static async ValueTask DeleteAllAsync(this ILakeStore store, IEnumerable<string> paths, CancellationToken ct) =>
        await Parallel.ForEachAsync(paths, new ParallelOptions { MaxDegreeOfParallelism = DeletesAtOnce, CancellationToken = ct, TaskScheduler = TaskScheduler.Current }, store.DeleteAsync);
}
