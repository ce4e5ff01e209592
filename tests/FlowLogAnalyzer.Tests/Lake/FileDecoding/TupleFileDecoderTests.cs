using CsCheck;
using FlowLogAnalyzer.Lake.Parquet.Reading;
using FlowLogAnalyzer.Lake.Parquet.Writing;
using FlowLogAnalyzer.Tests.Lake.FileEncoding;

namespace FlowLogAnalyzer.Tests.Lake.FileDecoding;

/// <summary>Files of random rows, read back by our own reader and by others.</summary>
public sealed class TupleFileDecoderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flowlog-decoder-").FullName;
    private int _files;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_value_and_null_is_read_back()
    {
        using var used = new TupleFileDecoder();
        await Cases.SampleAsync(async c => Same(ExpectedRows.Of(c.Rows), await DecodedRows.ReadAsync(Encode(c), used: used)), iter: 200, threads: 1);
    }

    [Fact]
    public async Task The_rows_are_those_that_Parquet_Net_reads()
        => await Cases.SampleAsync(async c => Same(await FileReaders.ParquetNetAsync(Write(c)), await DecodedRows.ReadAsync(Encode(c))), iter: 50, threads: 1);

    [Fact]
    public async Task The_rows_are_those_that_DuckDB_reads()
        => await Cases.SampleAsync(async c => Same(FileReaders.DuckDb(Write(c)), await DecodedRows.ReadAsync(Encode(c))), iter: 50, threads: 1);

    [Fact]
    public async Task A_file_without_rows_is_read()
    {
        using var encoder = new FlowFileEncoder();
        using var file = new MemoryStream();
        encoder.Write(file, [], []);

        Assert.Empty((await DecodedRows.ReadAsync(file.ToArray()))!);
    }

    [Fact]
    public async Task A_file_of_another_writer_is_left_to_others()
    {
        var case_ = new Case(new RowsShape(100, 2, 5, 40, false, false, 64, 64), FileCompression.Snappy, 1);
        var ours = Write(case_);
        var theirs = Path.Combine(_folder, "duckdb.parquet");
        FileReaders.DuckDbQuery($"COPY (SELECT * FROM read_parquet('{ours}')) TO '{theirs}' (FORMAT parquet)");

        Assert.Null(await DecodedRows.ReadAsync(await File.ReadAllBytesAsync(theirs)));
    }

    internal static Gen<Case> Cases { get; } =
        from shape in RowsShape.Gen
        from codec in Gen.OneOf(FileCompression.None, FileCompression.Snappy, FileCompression.Zstd)
        from seed in Gen.Int[0, 1 << 20]
        select new Case(shape, codec, seed);

    internal static byte[] Encode(Case c)
    {
        using var encoder = new FlowFileEncoder(c.Shape.Options(c.Codec));
        using var file = new MemoryStream();
        encoder.Write(file, c.Rows.Batches, c.Rows.Rows);
        return file.ToArray();
    }

    internal static void Same(string?[][] expected, string?[][]? actual)
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

    private string Write(Case c)
    {
        var path = Path.Combine(_folder, $"{Interlocked.Increment(ref _files)}.parquet");
        File.WriteAllBytes(path, Encode(c));
        return path;
    }

    /// <summary>Printed by a failing property; the rows follow from it.</summary>
    internal sealed record Case(RowsShape Shape, FileCompression Codec, int Seed)
    {
        private RandomRows? _rows;

        public RandomRows Rows => _rows ??= new RandomRows(Shape, Seed);
    }
}
