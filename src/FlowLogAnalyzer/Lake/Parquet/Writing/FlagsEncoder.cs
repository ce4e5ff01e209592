using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>A row's flags are its own and those of its group and record.</summary>
internal sealed class FlagsEncoder : ColumnEncoder
{
    private readonly FileColumn _column = FileColumn.Named("flags");
    private readonly ColumnSource<QualityFlags> _source = new(batch => batch.Flags);
    private readonly NumberDictionary _numbers = new(PhysicalType.Int32);
    private readonly CodeRuns _runs = new();

    public override void Encode(RowGroupInput input, ChunkWriter writer)
    {
        Gather(input);
        _numbers.Clear();
        _runs.Clear();
        for (var rest = (ReadOnlySpan<int>)input.Codes.AsSpan(0, input.Rows); !rest.IsEmpty;)
        {
            var length = rest.IndexOfAnyExcept(rest[0]);
            if (length < 0)
                length = rest.Length;
            _runs.Add(_numbers.Code(rest[0]), length);
            rest = rest[length..];
        }

        writer.WriteRuns(_column, _runs, input.Rows, _numbers.Values);
    }

    private void Gather(RowGroupInput input)
    {
        _source.CopyTo(input, MemoryMarshal.Cast<int, QualityFlags>(input.Codes.AsSpan(0, input.Rows)));
        if (input.Groups.TrueForAll(g => Shared(g.Group) == 0))
            return;

        var row = 0;
        var groups = input.GroupRuns.Codes;
        var lengths = input.GroupRuns.Lengths;
        for (var i = 0; i < groups.Length; row += lengths[i++])
        {
            var shared = Shared(input.Groups[groups[i]].Group);
            if (shared == 0)
                continue;
            foreach (ref var flags in input.Codes.AsSpan(row, lengths[i]))
                flags |= shared;
        }
    }

    private static int Shared(TupleGroup group) => (int)(group.Flags | group.Record.Flags);
}
