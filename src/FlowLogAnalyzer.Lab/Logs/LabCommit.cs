namespace FlowLogAnalyzer.Lab.Logs;

/// <summary>
/// One commit of a growing blob: the records that the platform adds before the closing bytes. <paramref name="Path"/> starts
/// with the container, separated by slashes. A new blob starts with <c>{"records":[</c>.
/// </summary>
public sealed record LabCommit(DateTimeOffset Time, string Path, IReadOnlyList<ReadOnlyMemory<byte>> Records);

/// <summary>Where the simulator's commits go, in order of time.</summary>
public interface ILabSink
{
    void Commit(LabCommit commit);
}
