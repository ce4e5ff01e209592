namespace FlowLogAnalyzer.Ingest;

/// <summary>
/// Starts work beside the caller's: on the thread pool, as <see cref="Task.Run(Func{Task})"/> does, unless the caller runs on a scheduler of
/// its own. A test that decides which of several stages goes on next has one.
/// </summary>
internal static class StageTask
{
    public static Task Run(Func<Task> stage) =>
        Task.Factory.StartNew(stage, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current).Unwrap();

    /// <summary>As <see cref="CancellationTokenSource.CancelAsync"/>: who waits for the token goes on beside the caller and not in its midst.</summary>
    public static Task CancelAsync(CancellationTokenSource source) =>
        Task.Factory.StartNew(source.Cancel, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current);
}
