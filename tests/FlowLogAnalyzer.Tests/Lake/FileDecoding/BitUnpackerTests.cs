using FlowLogAnalyzer.Lake.Parquet.Reading;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Tests.Lake.FileDecoding;

public class BitUnpackerTests
{
    [Fact]
    public void What_was_packed_is_unpacked_whatever_the_width_and_the_number_of_values()
    {
        var random = new Random(1);
        for (var width = 1; width <= 31; width++)
        {
            foreach (var count in new[] { 1, 7, 8, 9, 31, 32, 33, 64, 1000 })
            {
                int[] values = [.. Enumerable.Range(0, count).Select(_ => (int)random.NextInt64(1L << width))];
                var packed = new byte[((count + 7) / 8 * width) + BitPacker.Slack];
                var whole = packed.AsSpan(0, BitPacker.Pack(values, width, packed));

                var (quickly, slowly) = (new int[count], new int[count]);
                BitUnpacker.Unpack(whole, width, quickly);
                BitUnpacker.UnpackScalar(whole, width, slowly);

                Assert.Equal(values, quickly);
                Assert.Equal(values, slowly);
            }
        }
    }

    [Fact]
    public void Numbers_of_up_to_64_bits_are_unpacked_and_shifted()
    {
        var random = new Random(2);
        for (var width = 0; width <= 64; width++)
        {
            var mask = width == 0 ? 0 : ulong.MaxValue >> (64 - width);
            ulong[] values = [.. Enumerable.Range(0, 32).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue) & mask)];
            var packed = new byte[(32 * 8) + BitPacker.Slack];
            var unpacked = new long[32];

            BitUnpacker.Unpack(packed.AsSpan(0, BitPacker.Pack(values, width, packed)), width, -5, unpacked);

            Assert.Equal(values.Select(v => unchecked((long)v - 5)), unpacked);
        }
    }
}
