using CsCheck;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Tests.Lake.FileEncoding;

public sealed class RleBitPackedEncoderTests
{
    /// <summary>Runs of all lengths, longer than the buffer for literals too.</summary>
    private static readonly Gen<(int Value, int Count)[]> Runs =
        Gen.Select(Gen.Int[0, 5], Gen.OneOf(Gen.Int[1, 3], Gen.Int[1, 20], Gen.Int[60, 70], Gen.Const(5000))).Array[0, 60];

    [Fact]
    public void Runs_come_back_in_order()
        => Gen.Select(Runs, Gen.Int[3, 17]).Sample(
            (runs, width) =>
            {
                var encoder = new RleBitPackedEncoder();
                var output = new ByteBuffer();
                encoder.Begin(output, width);
                foreach (var (value, count) in runs)
                    encoder.Add(value, count);
                encoder.Finish();
                var values = runs.SelectMany(r => Enumerable.Repeat(r.Value, r.Count)).ToArray();
                Assert.Equal(values, HybridReader.Read(output.Written, width, values.Length));
            });

    [Fact]
    public void Whole_pages_come_back_in_order()
        => Gen.Select(Runs, Gen.Int[3, 17]).Sample(
            (runs, width) =>
            {
                var output = new ByteBuffer();
                var values = runs.SelectMany(r => Enumerable.Repeat(r.Value, r.Count)).ToArray();
                RleBitPackedEncoder.WriteAll(output, values, width);
                Assert.Equal(values, HybridReader.Read(output.Written, width, values.Length));
            });

    [Fact]
    public void A_long_run_between_packed_values_takes_a_few_bytes()
    {
        int[] values = [.. Enumerable.Range(0, 16), .. Enumerable.Repeat(9, 100_000), .. Enumerable.Range(0, 8)];
        var output = new ByteBuffer();
        RleBitPackedEncoder.WriteAll(output, values, 10);
        Assert.InRange(output.Length, 30, 40);
    }

    [Fact]
    public void More_literals_than_the_buffer_holds_stay_in_order()
    {
        var values = Enumerable.Range(0, 30_000).Select(i => i % 7).ToArray();
        var encoder = new RleBitPackedEncoder();
        var output = new ByteBuffer();
        encoder.Begin(output, 3);
        encoder.Add(6, 3);
        foreach (var value in values)
            encoder.Add(value, 1);
        encoder.Finish();
        Assert.Equal([6, 6, 6, .. values], HybridReader.Read(output.Written, 3, values.Length + 3));
    }

    [Fact]
    public void Long_runs_take_a_few_bytes()
    {
        var encoder = new RleBitPackedEncoder();
        var output = new ByteBuffer();
        encoder.Begin(output, 10);
        encoder.Add(1000, 1_000_000);
        encoder.Finish();
        Assert.Equal(5, output.Length);
    }

    [Fact]
    public void Definition_levels_come_back()
        => Gen.Select(Runs, Gen.Bool).Sample(
            (runs, wide) =>
            {
                var codes = runs.SelectMany(r => Enumerable.Repeat(r.Value - 1, r.Count)).ToArray();
                var levels = new DefinitionLevels();
                var output = new ByteBuffer();
                if (wide)
                    levels.Load([.. codes.Select(c => (long)c)]);
                else
                    levels.Load(codes);
                levels.Write(output);
                Assert.Equal(output.Length - 4, BitConverter.ToInt32(output.Written));
                Assert.Equal(codes.Select(c => c < 0 ? 0 : 1), HybridReader.Read(output.Written[4..], 1, codes.Length));
            });
}

/// <summary>A reader of the hybrid that is written for clearness only.</summary>
internal static class HybridReader
{
    public static int[] Read(ReadOnlySpan<byte> bytes, int width, int count)
    {
        var values = new List<int>();
        while (values.Count < count)
        {
            var header = Varint(ref bytes);
            if ((header & 1) == 0)
            {
                var size = (width + 7) / 8;
                var value = 0;
                for (var i = 0; i < size; i++)
                    value |= bytes[i] << (8 * i);
                values.AddRange(Enumerable.Repeat(value, header >> 1));
                bytes = bytes[size..];
                continue;
            }

            for (var i = 0; i < (header >> 1) * 8; i++)
            {
                var value = 0;
                for (var bit = 0; bit < width; bit++)
                    value |= ((bytes[((i * width) + bit) / 8] >> (((i * width) + bit) % 8)) & 1) << bit;
                if (values.Count < count)
                    values.Add(value);
            }

            bytes = bytes[((header >> 1) * width)..];
        }

        Assert.Equal(0, bytes.Length);
        Assert.Equal(count, values.Count);
        return [.. values];
    }

    private static int Varint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
