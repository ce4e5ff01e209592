using CsCheck;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Tests.Lake.FileEncoding;

public sealed class BitPackerTests
{
    [Fact]
    public void Vectors_pack_as_the_plain_loop_does()
        => Gen.Select(Gen.Int[1, 31], Gen.Int[0, 300]).SelectMany(t => Values(t.Item1).Array[t.Item2].Select(v => (Width: t.Item1, Values: v))).Sample(
            c =>
            {
                var size = (c.Values.Length + 7) / 8 * c.Width;
                var (fast, plain) = (new byte[size + BitPacker.Slack], new byte[size + BitPacker.Slack]);
                Assert.Equal(size, BitPacker.Pack(c.Values, c.Width, fast));
                Assert.Equal(size, BitPacker.PackScalar(c.Values, c.Width, plain));
                Assert.Equal(plain[..size], fast[..size]);
                Assert.Equal(c.Values, Unpacked(plain, c.Width, c.Values.Length).Select(v => (int)v));
            });

    [Fact]
    public void Wide_numbers_can_be_unpacked_again()
        => Gen.Select(Gen.Int[1, 64], Gen.ULong.Array[32]).Sample(
            (width, raw) =>
            {
                var values = raw.Select(v => v >> (64 - width)).ToArray();
                var bytes = new byte[(32 * 8) + BitPacker.Slack];
                Assert.Equal(4 * width, BitPacker.Pack(values, width, bytes));
                Assert.Equal(values, Unpacked(bytes, width, 32));
            });

    /// <summary>Bit by bit, as the format's document describes it.</summary>
    private static IEnumerable<ulong> Unpacked(byte[] bytes, int width, int count)
    {
        for (var i = 0; i < count; i++)
        {
            ulong value = 0;
            for (var bit = 0; bit < width; bit++)
            {
                var at = (i * width) + bit;
                value |= (ulong)((bytes[at / 8] >> (at % 8)) & 1) << bit;
            }

            yield return value;
        }
    }

    private static Gen<int> Values(int width) => Gen.Int[0, (int)((1L << width) - 1)];
}
