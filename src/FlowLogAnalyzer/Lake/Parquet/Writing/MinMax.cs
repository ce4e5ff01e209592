using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>Extremes of arrays, by vectors.</summary>
internal static class MinMax
{
    public static ValueRange? Of(ReadOnlySpan<long> values)
    {
        if (values.IsEmpty)
            return null;
        var (min, max) = (values[0], values[0]);
        var i = 0;
        if (values.Length >= 4)
        {
            ref var source = ref MemoryMarshal.GetReference(values);
            var least = Vector256.LoadUnsafe(ref source);
            var most = least;
            for (; i + 4 <= values.Length; i += 4)
            {
                var next = Vector256.LoadUnsafe(ref source, (nuint)i);
                least = Vector256.Min(least, next);
                most = Vector256.Max(most, next);
            }

            for (var lane = 0; lane < 4; lane++)
                (min, max) = (Math.Min(min, least[lane]), Math.Max(max, most[lane]));
        }

        for (; i < values.Length; i++)
            (min, max) = (Math.Min(min, values[i]), Math.Max(max, values[i]));
        return ValueRange.Of(min, max);
    }

    /// <summary>The largest code, and how many are null (negative).</summary>
    public static (int Max, int Nulls) OfCodes(ReadOnlySpan<int> codes)
    {
        ref var source = ref MemoryMarshal.GetReference(codes);
        var (max, nulls, i) = (-1, 0, 0);
        if (codes.Length >= Vector256<int>.Count)
        {
            var most = Vector256<int>.AllBitsSet;
            var negative = Vector256<int>.Zero;
            for (; i + Vector256<int>.Count <= codes.Length; i += Vector256<int>.Count)
            {
                var next = Vector256.LoadUnsafe(ref source, (nuint)i);
                most = Vector256.Max(most, next);
                negative += next >> 31;
            }

            nulls = Vector256.Sum(negative);
            for (var lane = 0; lane < Vector256<int>.Count; lane++)
                max = Math.Max(max, most[lane]);
        }

        for (; i < codes.Length; i++)
            (max, nulls) = (Math.Max(max, codes[i]), nulls + (codes[i] >> 31));
        return (max, -nulls);
    }
}
