using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>A column that all rows of a group share: one look-up per group, and runs instead of rows.</summary>
internal abstract class GroupColumnEncoder(string name) : ColumnEncoder
{
    private readonly FileColumn _column = FileColumn.Named(name);
    private readonly CodeRuns _runs = new();
    private int[] _codeOfGroup = [];

    public override void Encode(RowGroupInput input, ChunkWriter writer)
    {
        Clear();
        if (_codeOfGroup.Length < input.Groups.Count)
            _codeOfGroup = new int[input.Groups.Count * 2];
        for (var i = 0; i < input.Groups.Count; i++)
            _codeOfGroup[i] = Code(input.Groups[i].Batch, input.Groups[i].Group);

        _runs.Clear();
        var groups = input.GroupRuns.Codes;
        var lengths = input.GroupRuns.Lengths;
        for (var i = 0; i < groups.Length; i++)
            _runs.Add(_codeOfGroup[groups[i]], lengths[i]);
        writer.WriteRuns(_column, _runs, input.Rows, Values);
    }

    protected abstract ChunkDictionary Values { get; }

    protected abstract void Clear();

    /// <summary>The code of the group's value, or -1 for null.</summary>
    protected abstract int Code(TupleBatch batch, TupleGroup group);
}

internal sealed class GroupTextEncoder(string name, Func<TupleBatch, TupleGroup, string?> value) : GroupColumnEncoder(name)
{
    private readonly TextDictionary _texts = new();

    protected override ChunkDictionary Values => _texts.Values;

    protected override void Clear() => _texts.Clear();

    protected override int Code(TupleBatch batch, TupleGroup group) => _texts.Code(value(batch, group));
}

internal sealed class GroupNumberEncoder(string name, PhysicalType type, Func<TupleBatch, TupleGroup, long?> value) : GroupColumnEncoder(name)
{
    private readonly NumberDictionary _numbers = new(type);

    protected override ChunkDictionary Values => _numbers.Values;

    protected override void Clear() => _numbers.Clear();

    protected override int Code(TupleBatch batch, TupleGroup group) => value(batch, group) is { } number ? _numbers.Code(number) : -1;
}
