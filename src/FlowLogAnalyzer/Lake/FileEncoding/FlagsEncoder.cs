using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>A row's flags are its own and those of its group and record.</summary>
internal sealed class FlagsEncoder : ColumnEncoder
{
    private readonly FileColumn _column = FileColumn.Named("flags");
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

    private static void Gather(RowGroupInput input)
    {
        var rest = input.Codes.AsSpan(0, input.Rows);
        foreach (var run in input.Runs)
        {
            MemoryMarshal.Cast<QualityFlags, int>(run.Batch.Flags.AsSpan(run.Start, run.Length)).CopyTo(rest);
            rest = rest[run.Length..];
        }

        var row = 0;
        var groups = input.GroupRuns.Codes;
        var lengths = input.GroupRuns.Lengths;
        for (var i = 0; i < groups.Length; row += lengths[i++])
        {
            var group = input.Groups[groups[i]].Group;
            var shared = (int)(group.Flags | group.Record.Flags);
            if (shared == 0)
                continue;
            foreach (ref var flags in input.Codes.AsSpan(row, lengths[i]))
                flags |= shared;
        }
    }
}
