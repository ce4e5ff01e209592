using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>What the lake holds of a record in each of its rows; times in Unix milliseconds, <see cref="ColumnBlock.NullLong"/> = null.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RecordValues(
    string Blob, long BlobHour, int Index, long Time, string? Format, string? SystemId, string? ResourceId, string? TargetId)
{
    /// <summary>What differs between records; hashing the rest would only cost. Texts are pooled, so that equal ones are one.</summary>
    public override int GetHashCode() => HashCode.Combine(Index, RuntimeHelpers.GetHashCode(Blob));
}

/// <summary>What the lake holds of a group in each of its rows.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GroupValues(RecordValues Record, string? Rule, string? AclId, string? Mac)
{
    public override int GetHashCode() => HashCode.Combine(Record.Index, RuntimeHelpers.GetHashCode(Record.Blob), Rule is null ? 0 : RuntimeHelpers.GetHashCode(Rule));
}

/// <summary>Makes the records and groups of a batch again from what rows of the lake hold of them.</summary>
internal sealed class GroupTable
{
    private readonly Dictionary<GroupValues, int> _groups = [];
    private readonly Dictionary<RecordValues, TupleRecord> _records = [];
    private readonly Dictionary<(string Key, long Hour), BlobIdentity> _blobs = [];
    private TupleBatch? _batch;

    public void Begin(TupleBatch batch)
    {
        _batch = batch;
        _groups.Clear();
        _records.Clear();
        _blobs.Clear();
    }

    /// <summary>The number of the group in the batch, which is begun when it is new.</summary>
    public int Find(in GroupValues values)
    {
        ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(_groups, values, out var known);
        if (known)
            return group;
        var begun = _batch!.BeginGroup(Record(values.Record));
        (begun.Rule, begun.AclId, begun.Mac) = (values.Rule, values.AclId, values.Mac);
        return group = _batch.Groups.Count - 1;
    }

    public static BlobIdentity Identity(in RecordValues record) => new(record.Blob)
    {
        Hour = record.BlobHour == ColumnBlock.NullLong ? null : new BlobHour(UnixTime.ToDateTime(record.BlobHour)),
    };

    private TupleRecord Record(in RecordValues values)
    {
        ref var record = ref CollectionsMarshal.GetValueRefOrAddDefault(_records, values, out var known);
        if (known)
            return record!;
        ref var blob = ref CollectionsMarshal.GetValueRefOrAddDefault(_blobs, (values.Blob, values.BlobHour), out _);
        blob ??= Identity(values);
        record = _batch!.NewRecord(values.Index);
        record.Format = FlowWordParser.Format(values.Format);
        record.TimeMs = values.Time == ColumnBlock.NullLong ? null : values.Time;
        (record.SystemId, record.ResourceId, record.TargetId, record.Blob) = (values.SystemId, values.ResourceId, values.TargetId, blob);
        return record;
    }
}
