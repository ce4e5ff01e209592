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
            var shifted = new ShiftedHour(law, hour);
            foreach (var batch in template)
            {
                await AddAsync(shifted.Of(batch));
                rows += batch.Count;
            }
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

    private async Task AddAsync(TupleBatch batch)
    {
        _waiting.Add(batch);
        _waitingRows += batch.Count;
        if (_waitingRows >= RowsPerCommit)
            await CommitAsync();
    }

    private async Task CommitAsync()
    {
        _snapshot ??= await lake.Tuples.Delta.EnsureAsync(CancellationToken.None);
        var files = await lake.Tuples.Writer.WriteAsync(_waiting, CancellationToken.None);
        _snapshot = (await lake.Tuples.Delta.CommitAsync(_snapshot, new DeltaChange("WRITE") { Adds = files }, CancellationToken.None)).Snapshot;
        _waiting.Clear();
        _waitingRows = 0;
    }
}
