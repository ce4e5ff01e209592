using System.Threading.Channels;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;

namespace FlowLogAnalyzer.Ingest;

/// <summary>The first stage: lists the sources and decides per blob; only blobs with something to do go on.</summary>
internal sealed class PlanStage(RunState state, Planner planner)
{
    private readonly Dictionary<string, SourceBlob> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BlobPlan> _longer = new(StringComparer.Ordinal);
    private DateOnly? _from;

    public async Task RunAsync(IReadOnlyList<IBlobSource> sources, DeltaSnapshot snapshot, ChannelWriter<BlobPlan> to, CancellationToken ct)
    {
        _from = RetentionMark.Of(snapshot);
        foreach (var source in sources)
        {
            await foreach (var entry in source.ListAsync(state.Options.Window, ct))
            {
                state.Listed();
                if (await DecideAsync(source, entry, snapshot, ct) is { } plan)
                    await to.WriteAsync(plan, ct);
            }
        }

        // After the copies that were listed before them: a longer one goes on from there.
        foreach (var plan in _longer.Values)
            state.Again.Enqueue(plan);
        state.ListingDone = true;
    }

    /// <summary>One blob by several paths is read once; of copies the longest, since a shorter one is an earlier state.</summary>
    private void ReadOneCopy(IBlobSource source, SourceBlob blob, string domain)
    {
        var other = _known[blob.Identity.Key];
        if (blob.Length <= other.Length)
        {
            state.Skipped(blob.Path, $"'{blob.Path}' is the same flow-log blob as '{other.Path}', which is read instead.");
            return;
        }

        if (_longer.Remove(blob.Identity.Key))
            state.Skipped(other.Path, $"'{other.Path}' is the same flow-log blob as '{blob.Path}', which is longer and is read instead.");
        _known[blob.Identity.Key] = blob;
        _longer[blob.Identity.Key] = planner.Plan(source, blob, domain, null);
    }

    private async ValueTask<BlobPlan?> DecideAsync(IBlobSource source, SourceEntry entry, DeltaSnapshot snapshot, CancellationToken ct)
    {
        if (entry.Blob is not { } blob)
        {
            state.Failed(entry.Path, entry.Problem!);
            return null;
        }

        if (RetentionMark.IsPast(blob.Identity, _from))
        {
            state.Dropped(blob.Path);
            return null;
        }

        var domain = BlobPosition.Domain(blob.Identity.Key);
        if (!_known.TryAdd(blob.Identity.Key, blob))
        {
            ReadOneCopy(source, blob, domain);
            return null;
        }

        var plan = planner.Plan(source, blob, domain, await state.Options.Lake.Tuples.Archive.FindDomainAsync(snapshot, domain, ct));
        if (plan.Mode == ReadMode.Unchanged)
        {
            state.Unchanged(plan);
            return null;
        }

        state.ToRead(plan.BytesToRead);
        return plan;
    }
}
