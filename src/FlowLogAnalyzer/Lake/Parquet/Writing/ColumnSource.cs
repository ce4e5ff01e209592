using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>Turns a value of a row into the code of a dictionary; a struct, so that the loop round it is compiled for it.</summary>
internal interface ITranslator<in T>
{
    /// <param name="batch">Position of the row's batch.</param>
    /// <param name="value">What the batch has in the row.</param>
    int Code(int batch, T value);
}

/// <summary>
/// One array of every batch. Rows sorted over many blobs hardly ever lie next to each other, so the arrays are looked up
/// once per row group and then read row by row; where rows do lie together, they are taken run by run.
/// </summary>
internal sealed class ColumnSource<T>(Func<TupleBatch, T[]> source)
{
    private T[][] _arrays = [];

    /// <summary>Finds the arrays of the batches that have rows in the row group.</summary>
    public void Begin(RowGroupInput input)
    {
        if (_arrays.Length < input.Batches.Count)
            _arrays = new T[input.Batches.Count][];
        foreach (var batch in input.UsedBatches)
            _arrays[batch] = source(input.Batches[batch]);
    }

    /// <summary>Lets go of the arrays.</summary>
    public void End() => Array.Clear(_arrays);

    public T this[RowRef row] => _arrays[row.Batch][row.Row];

    public void CopyTo(RowGroupInput input, Span<T> target)
    {
        Begin(input);
        foreach (var run in input.Runs)
        {
            _arrays[run.Batch].AsSpan(run.Start, run.Length).CopyTo(target);
            target = target[run.Length..];
        }

        var arrays = _arrays;
        var rows = input.LooseRows;
        for (var i = 0; i < rows.Length && i < target.Length; i++)
            target[i] = arrays[rows[i].Batch][rows[i].Row];
        End();
    }

    public void Translate<TTranslator>(RowGroupInput input, Span<int> codes, TTranslator translator)
        where TTranslator : struct, ITranslator<T>
    {
        Begin(input);
        foreach (var run in input.Runs)
        {
            var values = _arrays[run.Batch].AsSpan(run.Start, run.Length);
            for (var i = 0; i < values.Length; i++)
                codes[i] = translator.Code(run.Batch, values[i]);
            codes = codes[run.Length..];
        }

        var arrays = _arrays;
        var rows = input.LooseRows;
        for (var i = 0; i < rows.Length && i < codes.Length; i++)
            codes[i] = translator.Code(rows[i].Batch, arrays[rows[i].Batch][rows[i].Row]);
        End();
    }
}
