using System.Buffers;
using Parquet;
using Parquet.Schema;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>Collects one leaf column of nested rows: values, definition levels and, in lists and maps, repetition levels.</summary>
internal abstract class LeafWriter(DataField field)
{
    private readonly ArrayBufferWriter<int> _definition = new();
    private readonly ArrayBufferWriter<int> _repetition = new();

    public DataField Field { get; } = field;

    public int Rows { get; private set; }

    protected ReadOnlyMemory<int> DefinitionLevels => _definition.WrittenMemory;

    protected ReadOnlyMemory<int>? RepetitionLevels => Field.MaxRepetitionLevel > 0 ? _repetition.WrittenMemory : new ReadOnlyMemory<int>?();

    /// <summary>Forgets all rows; their memory is kept for the next ones.</summary>
    public virtual void Clear()
    {
        Rows = 0;
        _definition.Clear();
        _repetition.Clear();
    }

    /// <summary>A row in which something at <paramref name="level"/> + 1 is missing; 0 when the row is another action.</summary>
    public void Missing(int level) => Entry(level, first: true);

    public abstract Task WriteAsync(ParquetRowGroupWriter group, CancellationToken ct);

    protected void Entry(int level, bool first)
    {
        if (first)
            Rows++;
        _definition.Write([level]);
        if (Field.MaxRepetitionLevel > 0)
            _repetition.Write([first ? 0 : Field.MaxRepetitionLevel]);
    }
}

internal sealed class LeafWriter<T>(DataField field) : LeafWriter(field)
    where T : struct
{
    private readonly ArrayBufferWriter<T> _values = new();

    public override void Clear()
    {
        base.Clear();
        _values.Clear();
    }

    public void Add(T value)
    {
        Entry(Field.MaxDefinitionLevel, first: true);
        _values.Write([value]);
    }

    public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken ct) =>
        await group.WriteAllPartsAsync(Field, _values.WrittenMemory, DefinitionLevels, RepetitionLevels, ct);
}

internal sealed class TextLeafWriter(DataField field) : LeafWriter(field)
{
    private readonly ArrayBufferWriter<ReadOnlyMemory<char>> _values = new();

    public override void Clear()
    {
        base.Clear();
        _values.Clear();
    }

    /// <summary>One value of the row, or one more of a list or map in it; null = missing one level up.</summary>
    public void Add(string? value, bool first = true)
    {
        Entry(value is null ? Field.MaxDefinitionLevel - 1 : Field.MaxDefinitionLevel, first);
        if (value is not null)
            _values.Write([value.AsMemory()]);
    }

    public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken ct) =>
        await group.WriteAllPartsAsync(Field, _values.WrittenMemory, DefinitionLevels, RepetitionLevels, ct);
}
