using System.Text.Json;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>
/// Goes through the whole log of a table as it lies in storage: every entry and every checkpoint is read, and a checkpoint has to
/// say what the entries before it add up to.
/// </summary>
internal sealed class LogVerifier(DeltaLog log, VerificationReport report)
{
    private const string Repair = "Put back a copy of the file. Without one: flowlog ingest SOURCE --lake NEW";

    /// <summary>Commits that changed rows, in order, with the files that they took out as far as the log still knows them.</summary>
    public List<TableChange> Changes { get; } = [];

    /// <param name="files">Those of the table's <c>_delta_log</c>, in order.</param>
    /// <param name="ct">Cancels.</param>
    public async ValueTask RunAsync(IReadOnlyList<StoredFile> files, CancellationToken ct)
    {
        var commits = files.Select(f => DeltaNames.CommitVersion(f.Path)).OfType<long>().Order().ToList();
        var checkpoints = files.Select(f => DeltaNames.CheckpointVersion(f.Path)).OfType<long>().Order().ToHashSet();
        await HintAsync(checkpoints, ct);
        var state = commits is [0, ..] ? DeltaSnapshot.None : null;
        foreach (var version in commits.Union(checkpoints).Order().ToList())
        {
            if (commits.BinarySearch(version) >= 0)
                state = await CommitAsync(state, version, checkpoints, ct);
            if (checkpoints.Contains(version))
                state = await CheckpointAsync(state, version, ct);
        }
    }

    /// <summary>The table after the entry; null when what was before it is not known.</summary>
    private async ValueTask<DeltaSnapshot?> CommitAsync(DeltaSnapshot? state, long version, HashSet<long> checkpoints, CancellationToken ct)
    {
        if (state is not null && state.Version + 1 < version && !checkpoints.Any(c => c > state.Version && c >= version - 1))
            report.Add(LakeProblemKind.Log, log.Folder + DeltaNames.Commit(state.Version + 1), "", $"The entry of version {state.Version + 1} is missing, that of version {version} is there.", Repair);
        var path = log.Folder + DeltaNames.Commit(version);
        try
        {
            if (await log.ReadCommitAsync(version, ct) is not { } commit)
                return null;
            if (state?.Version != version - 1)
                return null;
            if (commit.Removes.Any(r => r.DataChange))
                Changes.Add(new TableChange(version, commit, [.. commit.Removes.Select(r => state.Files.GetValueOrDefault(r.Path)).OfType<AddFile>()]));
            return state.Apply(commit);
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or FormatException or JsonException)
        {
            report.Add(LakeProblemKind.Log, path, "", e.Message, Repair);
            return null;
        }
    }

    private async ValueTask<DeltaSnapshot?> CheckpointAsync(DeltaSnapshot? state, long version, CancellationToken ct)
    {
        var path = log.Folder + DeltaNames.Checkpoint(version);
        try
        {
            var checkpoint = await DeltaCheckpoint.ReadAsync(log, version, ct);
            if (state?.Version == version && Difference(state, checkpoint) is { } difference)
                report.Add(LakeProblemKind.Checkpoint, path, difference, "The checkpoint does not say what the entries of the log say.", "Delete the file: the entries before it are all there.");
            return state?.Version == version ? state : checkpoint;
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or FormatException or FileNotFoundException)
        {
            var next = state?.Version == version ? "Delete the file: the entries before it are all there." : Repair;
            report.Add(LakeProblemKind.Checkpoint, path, "", e.Message, next);
            return state?.Version == version ? state : null;
        }
    }

    /// <summary>Null when both are the same table.</summary>
    private static string? Difference(DeltaSnapshot entries, DeltaSnapshot checkpoint)
    {
        if (entries.Files.Keys.FirstOrDefault(path => !checkpoint.Files.ContainsKey(path)) is { } lost)
            return $"lacks {lost}";
        if (checkpoint.Files.Keys.FirstOrDefault(path => !entries.Files.ContainsKey(path)) is { } odd)
            return $"has {odd}";
        if (entries.Files.Values.FirstOrDefault(f => checkpoint.Files[f.Path] is var c && (c.Size != f.Size || (c.Stats is not null && c.Stats != f.Stats))) is { } file)
            return file.Path;
        if (entries.Domains.FirstOrDefault(d => checkpoint.Domains.GetValueOrDefault(d.Key) != d.Value).Key is { } domain)
            return domain;
        return checkpoint.Domains.Keys.FirstOrDefault(d => !entries.Domains.ContainsKey(d));
    }

    /// <summary>Readers get by without it; one that is nonsense still says that something has been at the files.</summary>
    private async ValueTask HintAsync(HashSet<long> checkpoints, CancellationToken ct)
    {
        var path = log.Folder + DeltaNames.LastCheckpoint;
        if (await log.Store.ReadAllAsync(path, ct) is not { } content)
            return;

        var named = -1L;
        try
        {
            using var document = JsonDocument.Parse(content);
            named = document.RootElement.GetProperty("version").GetInt64();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            report.Add(LakeProblemKind.Checkpoint, path, "", "It is not the JSON object with a version that it should be.", "flowlog lake checkpoint writes it anew.");
            return;
        }

        if (checkpoints.Count > 0 && !checkpoints.Contains(named) && named > checkpoints.Max())
            report.Add(LakeProblemKind.Checkpoint, path, "", $"It names a checkpoint of version {named}, which is not there.", "flowlog lake checkpoint writes it anew.");
    }
}
