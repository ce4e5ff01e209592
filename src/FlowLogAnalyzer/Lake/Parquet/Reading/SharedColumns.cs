using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>
/// The columns that all rows of a group (record and rule) share, as runs. Where one of them changes another group begins,
/// so groups are looked up once per run and not once per row.
/// </summary>
internal sealed class SharedColumns
{
    private static readonly string[] Names = ["rule", "acl_id", "mac", "blob", "format", "system_id", "resource_id", "target_id", "blob_hour", "record_time", "record_index"];
    private readonly SharedColumn[] _columns;
    private readonly GroupTable _groups = new();
    private readonly (int Run, int Left)[] _places = new (int, int)[Names.Length];

    public SharedColumns(TextPool pool) => _columns = [.. Names.Select(name => new SharedColumn(FileColumn.Named(name), pool))];

    private enum At
    {
        Rule, AclId, Mac, Blob, Format, SystemId, ResourceId, TargetId, BlobHour, RecordTime, RecordIndex,
    }

    public void Read(RowGroupBytes group)
    {
        foreach (var column in _columns)
        {
            group.Read(column.Column, column.Codes);
            column.Codes.ToRuns(column.Runs);
        }
    }

    /// <summary>Who the first row's blob is.</summary>
    public BlobIdentity FirstBlob()
    {
        Restart();
        return GroupTable.Identity(Values().Record);
    }

    /// <summary>Makes the groups of an empty batch, and gives each of its rows to be its group.</summary>
    public void FillGroups(TupleBatch batch, int rows)
    {
        Restart();
        _groups.Begin(batch);
        for (var row = 0; row < rows;)
        {
            var length = _places.Min(p => p.Left);
            batch.Group.AsSpan(row, length).Fill(_groups.Find(Values()));
            Advance(length);
            row += length;
        }
    }

    private void Restart()
    {
        for (var i = 0; i < _places.Length; i++)
            _places[i] = (0, _columns[i].Runs.Lengths[0]);
    }

    private void Advance(int rows)
    {
        for (var i = 0; i < _places.Length; i++)
        {
            ref var place = ref _places[i];
            place.Left -= rows;
            if (place.Left == 0 && ++place.Run < _columns[i].Runs.Count)
                place.Left = _columns[i].Runs.Lengths[place.Run];
        }
    }

    private GroupValues Values() => new(
        new RecordValues(Text(At.Blob)!, Ms(At.BlobHour), Index(), Ms(At.RecordTime), Text(At.Format), Text(At.SystemId), Text(At.ResourceId), Text(At.TargetId)),
        Text(At.Rule),
        Text(At.AclId),
        Text(At.Mac));

    private string? Text(At column) => _columns[(int)column].Text(_places[(int)column].Run);

    private long? Number(At column) => _columns[(int)column].Number(_places[(int)column].Run);

    private int Index()
    {
        var index = Number(At.RecordIndex)!.Value;
        DamageException.Unless(index is >= 0 and <= int.MaxValue, $"a record cannot be number {index} of its blob");
        return (int)index;
    }

    private long Ms(At column)
    {
        if (Number(column) is not { } micros)
            return ColumnBlock.NullLong;
        return TimeColumnEncoder.Ms(micros) ?? throw new DamageException($"{micros} is not a time in whole milliseconds");
    }
}

/// <summary>One of them.</summary>
internal sealed class SharedColumn
{
    private readonly PlainTexts? _texts;
    private readonly PlainNumbers? _numbers;

    public SharedColumn(FileColumn column, TextPool pool)
    {
        Column = column;
        if (column.Physical == PhysicalType.ByteArray)
            Codes = new CodeColumn(_texts = new PlainTexts(pool));
        else
            Codes = new CodeColumn(_numbers = new PlainNumbers());
    }

    public FileColumn Column { get; }

    public CodeColumn Codes { get; }

    /// <summary>Of the rows read last, -1 for null.</summary>
    public CodeRuns Runs { get; } = new();

    public string? Text(int run) => Runs.Codes[run] is >= 0 and var code ? _texts!.Values[code] : null;

    public long? Number(int run) => Runs.Codes[run] is >= 0 and var code ? _numbers!.Values[code] : null;
}
