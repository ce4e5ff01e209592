using Parquet;
using Parquet.Schema;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>Collects one leaf column of nested rows: values, definition levels and repetition levels.</summary>
internal abstract class LeafWriter(DataField field)
{
    protected List<int> Definition { get; } = [];

    protected List<int> Repetition { get; } = [];

    public DataField Field { get; } = field;

    public int Rows { get; private set; }

    protected ReadOnlyMemory<int>? RepetitionLevels => Field.MaxRepetitionLevel > 0 ? new ReadOnlyMemory<int>?(Repetition.ToArray()) : new ReadOnlyMemory<int>?();

    /// <summary>A row in which something at <paramref name="level"/> + 1 is missing; 0 when the row is another action.</summary>
    public void Missing(int level)
    {
        Rows++;
        Definition.Add(level);
        Repetition.Add(0);
    }

    public abstract Task WriteAsync(ParquetRowGroupWriter group, CancellationToken ct);

    protected void Present(bool first)
    {
        if (first)
            Rows++;
        Definition.Add(Field.MaxDefinitionLevel);
        Repetition.Add(first ? 0 : Field.MaxRepetitionLevel);
    }
}

internal sealed class LeafWriter<T>(DataField field) : LeafWriter(field)
    where T : struct
{
    private readonly List<T> _values = [];

    public void Add(T value)
    {
        Present(first: true);
        _values.Add(value);
    }

    public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken ct) =>
        await group.WriteAllPartsAsync<T>(Field, _values.ToArray(), Definition.ToArray(), RepetitionLevels, ct);
}

internal sealed class TextLeafWriter(DataField field) : LeafWriter(field)
{
    private readonly List<ReadOnlyMemory<char>> _values = [];

    /// <summary>One value of the row; null = missing one level up.</summary>
    public void Add(string? value)
    {
        if (value is null)
            Missing(Field.MaxDefinitionLevel - 1);
        else
            Item(value, first: true);
    }

    /// <summary>The values of a list or map in the row; none = the list is there and empty.</summary>
    public void AddAll(IEnumerable<string?> values, int levelWhenEmpty)
    {
        var first = true;
        foreach (var value in values)
        {
            Item(value, first);
            first = false;
        }

        if (first)
            Missing(levelWhenEmpty);
    }

    public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken ct) =>
        await group.WriteAllPartsAsync<ReadOnlyMemory<char>>(Field, _values.ToArray(), Definition.ToArray(), RepetitionLevels, ct);

    private void Item(string? value, bool first)
    {
        Present(first);
        if (value is null)
            Definition[^1]--;
        else
            _values.Add(value.AsMemory());
    }
}
