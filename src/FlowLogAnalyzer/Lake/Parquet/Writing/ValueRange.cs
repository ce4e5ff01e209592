using System.Buffers.Binary;
using System.Text;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>
/// The smallest and largest value of a column, whole (never truncated): numbers by value, text by its UTF-8 bytes as
/// unsigned numbers, which is Parquet's order for strings.
/// </summary>
internal sealed class ValueRange
{
    private ValueRange(long min, long max, byte[]? minText, byte[]? maxText)
    {
        Min = min;
        Max = max;
        MinText = minText;
        MaxText = maxText;
    }

    public long Min { get; }
    public long Max { get; }
    public byte[]? MinText { get; }
    public byte[]? MaxText { get; }

    public static ValueRange Of(long min, long max) => new(min, max, null, null);

    public static ValueRange Of(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max) => new(0, 0, min.ToArray(), max.ToArray());

    public static ValueRange? Union(ValueRange? a, ValueRange? b)
    {
        if (a is null || b is null)
            return a ?? b;
        return a.MinText is null
            ? Of(Math.Min(a.Min, b.Min), Math.Max(a.Max, b.Max))
            : Of(Less(b.MinText!, a.MinText) ? b.MinText : a.MinText, Less(a.MaxText!, b.MaxText!) ? b.MaxText : a.MaxText);
    }

    public byte[] MinBytes(PhysicalType type) => MinText ?? Number(Min, type);

    public byte[] MaxBytes(PhysicalType type) => MaxText ?? Number(Max, type);

    public object MinValue(ColumnType type) => Value(MinText, Min, type);

    public object MaxValue(ColumnType type) => Value(MaxText, Max, type);

    public static bool Less(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => a.SequenceCompareTo(b) < 0;

    private static object Value(byte[]? text, long number, ColumnType type) => type switch
    {
        ColumnType.String => Encoding.UTF8.GetString(text!),
        ColumnType.Timestamp => DateTime.UnixEpoch.AddTicks(number * TimeSpan.TicksPerMicrosecond),
        ColumnType.Long => number,
        _ => (int)number,
    };

    private static byte[] Number(long value, PhysicalType type)
    {
        var bytes = new byte[type == PhysicalType.Int32 ? 4 : 8];
        if (type == PhysicalType.Int32)
            BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)value);
        else
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }
}
