using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;

namespace FlowLogAnalyzer.Lake.Erasure;

/// <summary>What of an address there is in a lake, or was until it was erased.</summary>
/// <param name="Rows">Tuples with it as source or destination.</param>
/// <param name="Files">Active data files that hold them.</param>
/// <param name="Positions">Reading positions that change: fewer rows, or a message that names it.</param>
/// <param name="TableRows">Rows of other tables that name it, by table.</param>
/// <param name="OldFiles">Files of earlier versions that hold it, or may.</param>
public sealed record ErasureResult(long Rows, int Files, int Positions, IReadOnlyDictionary<string, long> TableRows, int OldFiles)
{
    public bool IsEmpty => Rows + Positions + OldFiles + TableRows.Values.Sum() == 0;
}

/// <summary>
/// Takes an address out of all of a lake: tuples with their positions in one commit, then the other tables, then what earlier versions left in
/// files and in the log. Each step can be cut short and done again: the next run begins with what is still there.
/// </summary>
public sealed class LakeErasure(FlowLake lake, TimeProvider time)
{
    /// <summary>What there is of the address; nothing is changed.</summary>
    public async ValueTask<ErasureResult> FindAsync(IpAddressKey address, CancellationToken ct = default)
    {
        var text = new AddressText(address);
        var plan = await PlanAsync(await lake.Tuples.SnapshotAsync(ct), text, ct);
        var tables = await new AddressTables(lake).CountAsync(text, ct);
        var traces = await new AddressTraces(lake, time).FindAsync(text, ct);
        return new ErasureResult(plan.Rows, plan.Files.Count, plan.Positions.Count + plan.Archives.Count, tables, traces.Count);
    }

    /// <summary>Erases it. What is read from logs later brings it back: erase it there first.</summary>
    public async ValueTask<ErasureResult> RunAsync(IpAddressKey address, CancellationToken ct = default)
    {
        await lake.Tuples.Delta.WritableAsync(removes: true, ct);
        var found = await FindAsync(address, ct);
        var text = new AddressText(address);
        await TuplesAsync(text, ct);
        await new AddressTables(lake).EraseAsync(text, ct);
        await new AddressTraces(lake, time).EraseAsync(text, ct);
        return found;
    }

    /// <summary>It does not say which: the history would keep what is to go.</summary>
    private static Dictionary<string, string> Story => new() { ["reason"] = "an address was erased on request" };

    private async ValueTask TuplesAsync(AddressText text, CancellationToken ct)
    {
        var snapshot = await lake.Tuples.SnapshotAsync(ct);
        while (true)
        {
            var plan = await PlanAsync(snapshot, text, ct);
            if (plan.IsEmpty)
                return;

            var (adds, archives) = (new List<AddFile>(), new List<ArchiveFile>());
            var domains = plan.Positions.ToDictionary(p => BlobPosition.Domain(p.Key), p => (string?)p.Value.ToJson(), StringComparer.Ordinal);
            foreach (var (file, rows) in plan.Files)
                if (await new AddressRows(lake.Tuples, text.Address).RewriteAsync(file, rows, WideFiles.Of(lake.Tuples, snapshot), ct) is { } rest)
                    adds.Add(rest);
            foreach (var (date, positions) in plan.Archives)
            {
                archives.Add(await lake.Tuples.Archive.WriteAsync(date, positions, ct));
                domains[PositionArchive.Domain(date)] = PositionArchive.DomainText(archives[^1]);
            }

            var change = new DeltaChange("ERASE") { Adds = adds, Removes = [.. plan.Files.Select(f => f.File.Path)], Domains = domains, Parameters = Story };
            var result = await lake.Tuples.Delta.CommitAsync(snapshot, change, CancellationToken.None);
            if (result.Committed)
                return;

            await lake.Tuples.Writer.DeleteAsync(adds);
            foreach (var archive in archives)
                await lake.Store.DeleteAsync(archive.Path, CancellationToken.None);
            snapshot = result.Snapshot;
        }
    }

    private async ValueTask<Plan> PlanAsync(DeltaSnapshot snapshot, AddressText text, CancellationToken ct)
    {
        var (plan, rows, gone) = (new Plan(), new AddressRows(lake.Tuples, text.Address), new Dictionary<string, long>(StringComparer.Ordinal));
        foreach (var file in snapshot.Files.Values.OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            var blobs = await rows.CountAsync(file, ct);
            if (blobs.Count > 0)
                plan.Files.Add((file, blobs.Values.Sum()));
            foreach (var (blob, count) in blobs)
                gone[blob] = gone.GetValueOrDefault(blob) + count;
        }

        foreach (var (domain, json) in snapshot.Domains.Where(d => d.Key.StartsWith(BlobPosition.DomainPrefix, StringComparison.Ordinal)))
            if (Changed(json, gone.GetValueOrDefault(domain[BlobPosition.DomainPrefix.Length..]), text) is { } position)
                plan.Positions[domain[BlobPosition.DomainPrefix.Length..]] = position;
        foreach (var date in PositionArchive.Dates(snapshot))
            await ArchiveAsync(plan, date, snapshot, (gone, text), ct);
        return plan;
    }

    private async ValueTask ArchiveAsync(Plan plan, DateOnly date, DeltaSnapshot snapshot, (Dictionary<string, long> Gone, AddressText Text) what, CancellationToken ct)
    {
        var all = new Dictionary<string, string>(await lake.Tuples.Archive.LoadAsync(PositionArchive.Of(snapshot, date), ct), StringComparer.Ordinal);
        var changed = false;
        foreach (var (blob, json) in all.ToList())
        {
            // A position in the log is newer, and has been looked at.
            var rows = snapshot.Domains.ContainsKey(BlobPosition.Domain(blob)) ? 0 : what.Gone.GetValueOrDefault(blob);
            if (Changed(json, rows, what.Text) is not { } position)
                continue;
            (all[blob], changed) = (position.ToJson(), true);
        }

        if (changed)
            plan.Archives[date] = all;
    }

    private static BlobPosition? Changed(string json, long rows, AddressText text)
    {
        var position = BlobPosition.FromJson(json);
        if (rows == 0 && !text.IsIn(position.Message))
            return null;
        return position with { Rows = position.Rows - rows, Message = position.Message is { } message ? text.Erase(message) : null };
    }

    private sealed class Plan
    {
        public List<(AddFile File, long Rows)> Files { get; } = [];

        public Dictionary<string, BlobPosition> Positions { get; } = new(StringComparer.Ordinal);

        public Dictionary<DateOnly, IReadOnlyDictionary<string, string>> Archives { get; } = [];

        public long Rows => Files.Sum(f => f.Rows);

        public bool IsEmpty => Files.Count + Positions.Count + Archives.Count == 0;
    }
}
