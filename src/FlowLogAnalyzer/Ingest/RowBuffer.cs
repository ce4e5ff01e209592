using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Delta;

namespace FlowLogAnalyzer.Ingest;

/// <summary>The rows of one blob while it is parsed: in memory up to a limit, beyond it in files that nobody sees yet.</summary>
internal sealed class RowBuffer(RunState state, CancellationToken ct)
{
    private readonly List<TupleBatch> _batches = [];
    private readonly List<AddFile> _spilled = [];
    private int _rows;

    public long Total { get; private set; }

    public async ValueTask AddAsync(TupleBatch batch)
    {
        batch = state.Pool.Fit(batch);
        _batches.Add(batch);
        _rows += batch.Count;
        Total += batch.Count;
        state.Parsed(batch.Count);
        if (_rows >= state.Options.SpillRows)
            await SpillAsync();
    }

    /// <summary>Gives the rows to <paramref name="blob"/>.</summary>
    public ReadBlob Into(ReadBlob blob) => blob with { Batches = [.. _batches], Spilled = [.. _spilled], BufferedRows = _rows };

    /// <summary>Nothing of this blob is to be published.</summary>
    public async ValueTask DropAsync()
    {
        Recycle();
        state.HandOver(_spilled);
        await state.Options.Lake.Tuples.Writer.DeleteAsync(_spilled);
        _spilled.Clear();
    }

    private async ValueTask SpillAsync()
    {
        try
        {
            foreach (var file in await state.Options.Lake.Tuples.Writer.WriteAsync(_batches, ct))
            {
                state.Wrote(file);
                _spilled.Add(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LakeWriteException(state.Options.Lake.Location, e);
        }

        Recycle();
        _rows = 0;
    }

    private void Recycle()
    {
        _batches.ForEach(state.Pool.Return);
        _batches.Clear();
    }
}

/// <summary>The lake cannot be written: no fault of the blob that was being read, and a reason to stop.</summary>
public sealed class LakeWriteException(string location, Exception cause) : IOException($"The lake '{location}' cannot be written: {cause.Message}", cause);
