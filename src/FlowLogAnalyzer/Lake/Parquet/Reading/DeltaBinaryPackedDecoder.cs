using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>Undoes <see cref="DeltaBinaryPackedEncoder"/>, whose blocks are of one size.</summary>
internal static class DeltaBinaryPackedDecoder
{
    private const int Block = DeltaBinaryPackedEncoder.Block;
    private const int Miniblocks = DeltaBinaryPackedEncoder.Miniblocks;
    private const int PerMiniblock = Block / Miniblocks;

    /// <summary>Decodes exactly as many values as there is room for; no byte may be left over.</summary>
    public static void Decode(ReadOnlySpan<byte> bytes, Span<long> values)
    {
        var reader = new ByteReader(bytes);
        DamageException.Unless(reader.Varint() == Block && reader.Varint() == Miniblocks, "the blocks of differences have another size than the lake's");
        var count = reader.Varint();
        DamageException.Unless(count == (ulong)values.Length, $"{count} values are there instead of {values.Length}");
        var last = reader.ZigZag();
        if (!values.IsEmpty)
            values[0] = last;
        for (var at = 1; at < values.Length; at += Block)
            last = DecodeBlock(ref reader, values.Slice(at, Math.Min(Block, values.Length - at)), last);
        DamageException.Unless(reader.IsEmpty, $"{reader.Rest.Length} bytes are left over behind the values");
    }

    private static long DecodeBlock(ref ByteReader reader, Span<long> values, long last)
    {
        var least = reader.ZigZag();
        var widths = reader.Take(Miniblocks);
        for (var mini = 0; mini < Miniblocks; mini++)
        {
            var start = Math.Min(values.Length, mini * PerMiniblock);
            var part = values[start..Math.Min(values.Length, start + PerMiniblock)];
            DamageException.Unless(widths[mini] <= 64, $"differences of {widths[mini]} bits are unknown to the lake");
            // With what follows it, so that the last values are read by whole words like the others.
            var packed = reader.Rest;
            reader.Take(widths[mini] * PerMiniblock / 8);
            BitUnpacker.Unpack(packed, widths[mini], least, part);
            foreach (ref var value in part)
                value = last = unchecked(last + value);
        }

        return last;
    }
}
