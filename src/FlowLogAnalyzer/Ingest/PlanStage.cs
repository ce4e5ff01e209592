using System.Threading.Channels;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;

namespace FlowLogAnalyzer.Ingest;

/// <summary>The first stage: lists the sources and decides per blob; only blobs with something to do go on.</summary>
internal sealed class PlanStage(RunState state, Planner planner)
{
    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);
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

        state.ListingDone = true;
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

        if (!_paths.TryAdd(blob.Identity.Key, blob.Path))
        {
            state.Skipped(blob.Path, $"'{blob.Path}' is the same flow-log blob as '{_paths[blob.Identity.Key]}', which is read instead.");
            return null;
        }

        var domain = BlobPosition.Domain(blob.Identity.Key);
        var plan = planner.Plan(source, blob, domain, await state.Options.Lake.Tuples.Archive.FindDomainAsync(snapshot, domain, ct));
        if (plan.Mode == ReadMode.Unchanged)
        {
            state.Unchanged();
            return null;
        }

        state.ToRead(plan.BytesToRead);
        return plan;
    }
}
