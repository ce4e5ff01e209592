using CsCheck;
using FlowLogAnalyzer.Lake.Parquet.Writing;
using FlowLogAnalyzer.Tests.Lake.FileEncoding;

namespace FlowLogAnalyzer.Tests.Lake.FileDecoding;

/// <summary>A file of random rows. Printed by a failing property; the rows follow from it.</summary>
internal sealed record FileCase(RowsShape Shape, FileCompression Codec, int Seed)
{
    private RandomRows? _rows;

    public static Gen<FileCase> All { get; } =
        from shape in RowsShape.Gen
        from codec in Gen.OneOf(FileCompression.None, FileCompression.Snappy, FileCompression.Zstd)
        from seed in Gen.Int[0, 1 << 20]
        select new FileCase(shape, codec, seed);

    public RandomRows Rows => _rows ??= new RandomRows(Shape, Seed);

    public static byte[] Encode(FileCase c)
    {
        using var encoder = new FlowFileEncoder(c.Shape.Options(c.Codec));
        using var file = new MemoryStream();
        encoder.Write(file, c.Rows.Batches, c.Rows.Rows);
        return file.ToArray();
    }

    public static void Same(string?[][] expected, string?[][]? actual)
    {
        Assert.Equal(expected.Length, actual?.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            for (var c = 0; c < expected[i].Length; c++)
            {
                if (expected[i][c] != actual![i][c])
                    Assert.Fail($"Row {i}, {ExpectedRows.Columns[c].Name}: expected {expected[i][c] ?? "null"}, read {actual[i][c] ?? "null"}.");
            }
        }
    }
}
