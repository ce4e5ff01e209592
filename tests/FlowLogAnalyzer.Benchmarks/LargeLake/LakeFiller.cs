using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;

namespace FlowLogAnalyzer.Benchmarks.LargeLake;

/// <summary>Fills a lake by a law, with the inventory of its cluster.</summary>
internal sealed class LakeFiller(LakeLaw law, FlowLake lake)
{
    /// <summary>As many rows as ingest commits at once.</summary>
    private const int RowsPerCommit = 256 * 1024;

    private readonly List<TupleBatch> _waiting = [];
    private DeltaSnapshot? _snapshot;
    private int _waitingRows;

    /// <summary>Returns the rows that were written.</summary>
    public async Task<long> FillAsync()
    {
        await FillInventoryAsync();
        TupleBatch[][] quiet = [await HourAsync("healthy-noisy", 1), await HourAsync("healthy-noisy", 2)];
        var hours = (int)Math.Max(4, law.Rows / quiet[0].Sum(b => (long)b.Count));
        var (sideways, refused) = (await HourAsync("lateral-movement", 3), await HourAsync("client-denied", 4));

        var rows = 0L;
        for (var hour = 0; rows < law.Rows; hour++)
        {
            var template = hour == hours / 2 ? sideways : hour == hours * 3 / 4 ? refused : quiet[hour % 2];
            rows += template.Sum(b => (long)b.Count);
            await (law.MinutesPerCommit is { } minutes ? AddMinutesAsync(new ShiftedHour(law, hour), template, minutes) : AddHourAsync(new ShiftedHour(law, hour), template));
        }

        await CommitAsync();
        return rows;
    }

    private async Task<TupleBatch[]> HourAsync(string scenario, ulong seed) => [.. await LabHour.RunAsync(LabScenarios.Find(scenario)!, law.Lab(seed))];

    private async Task FillInventoryAsync()
    {
        var folder = Directory.CreateTempSubdirectory("flowlog-lab-").FullName;
        LabRunner.Write(LabScenarios.Find("healthy-noisy")!, law.Lab(1) with { Minutes = 1 }, folder);
        await new InventoryStore(lake).SaveAsync(InventoryImporter.Import([Path.Combine(folder, "inventory")], null).Documents);
        Directory.Delete(folder, recursive: true);
    }

    private async Task AddHourAsync(ShiftedHour hour, TupleBatch[] template)
    {
        foreach (var batch in template)
            await AddAsync(hour.Of(batch));
    }

    /// <summary>As workers commit that follow growing blobs: a few new records of every NIC at a time.</summary>
    private async Task AddMinutesAsync(ShiftedHour hour, TupleBatch[] template, int minutes)
    {
        var records = template.Max(b => b.Groups.Max(g => g.Record.Index)) + 1;
        for (var first = 0; first < records; first += minutes)
        {
            foreach (var batch in template)
                await AddAsync(hour.Of(batch, first, first + minutes));
            await CommitAsync();
        }
    }

    private async Task AddAsync(TupleBatch batch)
    {
        _waiting.Add(batch);
        _waitingRows += batch.Count;
        if (_waitingRows >= RowsPerCommit)
            await CommitAsync();
    }

    private async Task CommitAsync()
    {
        if (_waitingRows == 0)
            return;
        _snapshot ??= await lake.Tuples.Delta.EnsureAsync(CancellationToken.None);
        var files = await lake.Tuples.Writer.WriteAsync(_waiting, CancellationToken.None);
        _snapshot = (await lake.Tuples.Delta.CommitAsync(_snapshot, new DeltaChange("WRITE") { Adds = files }, CancellationToken.None)).Snapshot;
        _waiting.Clear();
        _waitingRows = 0;
    }
}
