using System.Globalization;
using CsCheck;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Tests.Lake.FileEncoding;

/// <summary>Files of random rows, read back by four readers that know nothing of ours.</summary>
public sealed class FlowFileEncoderTests : IDisposable
{
    private static readonly FileCompression[] Codecs = [FileCompression.None, FileCompression.Snappy, FileCompression.Zstd];
    private readonly string _folder = Directory.CreateTempSubdirectory("flowlog-encoder-").FullName;
    private int _files;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Parquet_Net_reads_back_every_value_and_null()
        => await Cases.SampleAsync(async c => Same(ExpectedRows.Of(c.Rows), await FileReaders.ParquetNetAsync(Write(c).Path)), iter: 60, threads: 1);

    [Fact]
    public void Parquet_cpp_reads_back_every_value_and_null()
        => Cases.Sample(c => Same(ExpectedRows.Of(c.Rows), FileReaders.ParquetCpp(Write(c).Path)), iter: 60, threads: 1);

    [Fact]
    public void DuckDB_reads_back_every_value_and_null()
        => Cases.Sample(c => Same(ExpectedRows.Of(c.Rows), FileReaders.DuckDb(Write(c).Path)), iter: 60, threads: 1);

    [Fact]
    public async Task ClickHouse_reads_back_every_value_and_null()
        => await Cases.Array[50].SampleAsync(
            async cases =>
            {
                var read = await FileReaders.ClickHouseAsync(cases.Select(c => Write(c).Path));
                for (var i = 0; i < cases.Length; i++)
                    Same(ExpectedRows.Of(cases[i].Rows), read[i]);
            },
            iter: 1,
            threads: 1);

    [Fact]
    public async Task The_file_holds_what_the_reference_writer_writes()
        => await Cases.SampleAsync(
            async c =>
            {
                var reference = Path.Combine(_folder, $"reference-{Interlocked.Increment(ref _files)}.parquet");
                await WriteReferenceAsync(reference, c.Rows);
                var ours = $"SELECT * FROM read_parquet('{Write(c).Path}')";
                var theirs = $"SELECT * FROM read_parquet('{reference}')";
                Assert.Empty(FileReaders.DuckDbQuery($"({ours} EXCEPT ALL {theirs}) UNION ALL ({theirs} EXCEPT ALL {ours})"));
                Assert.Equal(FileReaders.DuckDbQuery("DESCRIBE " + theirs), FileReaders.DuckDbQuery("DESCRIBE " + ours));
            },
            iter: 30,
            threads: 1);

    [Fact]
    public async Task Rows_read_from_a_file_are_written_again_as_they_were()
        => await Cases.SampleAsync(
            async c =>
            {
                using var again = new MemoryStream();
                using var encoder = new FlowFileEncoder(c.Shape.Options(c.Codec));
                encoder.Begin(again);
                await using (var reader = await ParquetBlockReader.OpenAsync((File.OpenRead(Write(c).Path), "file"), ExpectedRows.Columns, default))
                {
                    for (var group = 0; group < reader.GroupCount; group++)
                    {
                        var batch = BlockBatch.Of(await reader.ReadAsync(group, default));
                        encoder.Add([batch], [new RowRun(0, 0, batch.Count)]);
                    }
                }

                encoder.End();
                var path = Path.Combine(_folder, $"again-{Interlocked.Increment(ref _files)}.parquet");
                File.WriteAllBytes(path, again.ToArray());
                Same(ExpectedRows.Of(c.Rows), FileReaders.DuckDb(path));
            },
            iter: 40,
            threads: 1);

    [Fact]
    public void Statistics_are_those_of_the_rows()
        => Cases.Sample(
            c =>
            {
                var rows = ExpectedRows.Of(c.Rows);
                var written = Write(c).File;
                Assert.Equal(rows.Length, written.Rows);
                for (var i = 0; i < written.Columns.Count; i++)
                    Assert.Equal(Expected(ExpectedRows.Columns[i], [.. rows.Select(r => r[i])]), Form(written.Columns[i]));
            },
            iter: 60,
            threads: 1);

    [Fact]
    public void Parquet_cpp_finds_the_statistics_of_every_row_group_in_the_footer()
        => Cases.Sample(
            c =>
            {
                var path = Write(c).Path;
                Assert.Equal(FooterStatistics.Expected(ExpectedRows.Of(c.Rows), c.Shape.RowGroupRows), FooterStatistics.Read(path));
            },
            iter: 60,
            threads: 1);

    [Fact]
    public void The_same_rows_give_the_same_bytes_however_often_the_encoder_was_used()
        => Gen.Select(Cases, Cases).Sample(
            (first, second) =>
            {
                using var used = new FlowFileEncoder(second.Shape.Options(second.Codec));
                used.Write(Stream.Null, first.Rows.Batches, first.Rows.Rows);
                using var again = new MemoryStream();
                var written = used.Write(again, second.Rows.Batches, second.Rows.Rows);
                Assert.Equal(File.ReadAllBytes(Write(second).Path), again.ToArray());
                Assert.Equal(again.Length, written.Bytes);
            },
            iter: 30,
            threads: 1);

    [Fact]
    public void A_file_without_rows_can_be_read()
    {
        var empty = new Case(new RowsShape(0, 0, 1, 0, false, false, 8, 64), FileCompression.Snappy, 0);
        Assert.Empty(FileReaders.DuckDb(Write(empty).Path));
        Assert.Empty(FileReaders.ParquetCpp(Write(empty).Path));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData((FileEncoderOptions.MostRowGroupRows / 2) + 1, 1)]
    [InlineData(1, 0)]
    [InlineData(1, FileEncoderOptions.MostPageRows + 1)]
    public void A_layout_that_the_decoder_would_refuse_is_refused(int rowGroupRows, int pageRows) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowFileEncoder(new FileEncoderOptions { RowGroupRows = rowGroupRows, PageRows = pageRows }));

    [Fact]
    public void A_row_that_is_not_there_is_refused()
    {
        var one = new Case(new RowsShape(1, 1, 1, 0, false, false, 8, 64), FileCompression.Snappy, 0);
        using var encoder = new FlowFileEncoder();
        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.Write(Stream.Null, one.Rows.Batches, [new RowRef(0, 1)]));
    }

    private static Gen<Case> Cases { get; } =
        from shape in RowsShape.Gen
        from codec in Gen.OneOf(Codecs)
        from seed in Gen.Int[0, 1 << 20]
        select new Case(shape, codec, seed);

    private static async Task WriteReferenceAsync(string path, RandomRows rows)
    {
        var block = new ColumnBlock(TupleFileWriter.DataColumns, rows.Rows.Length);
        TupleGather.Fill(block, rows.Batches, rows.Rows);
        await using var stream = File.Create(path);
        await using var writer = await ParquetBlockWriter.CreateAsync(stream, TupleFileWriter.DataColumns, Parquet.CompressionMethod.Snappy, default);
        await writer.WriteAsync(block, default);
    }

    private (string Path, EncodedFile File) Write(Case c)
    {
        var path = Path.Combine(_folder, $"{Interlocked.Increment(ref _files)}.parquet");
        using var encoder = new FlowFileEncoder(c.Shape.Options(c.Codec));
        using var stream = File.Create(path);
        return (path, encoder.Write(stream, c.Rows.Batches, c.Rows.Rows));
    }

    private static void Same(string?[][] expected, string?[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            for (var c = 0; c < expected[i].Length; c++)
            {
                if (expected[i][c] != actual[i][c])
                    Assert.Fail($"Row {i}, {ExpectedRows.Columns[c].Name}: expected {expected[i][c] ?? "null"}, read {actual[i][c] ?? "null"}.");
            }
        }
    }

    private static (int, string?, string?) Expected(Column column, string?[] cells)
    {
        var sorted = cells.OfType<string>().Order(FooterStatistics.Order(column)).ToArray();
        return (cells.Count(c => c is null), sorted.FirstOrDefault(), sorted.LastOrDefault());
    }

    private static (int, string?, string?) Form(ColumnStatistics s) => ((int)s.NullCount, Form(s.Min), Form(s.Max));

    private static string? Form(object? value) => value is DateTime t
        ? ((t.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture)
        : Convert.ToString(value, CultureInfo.InvariantCulture) is { } text && value is not null ? text : null;

    /// <summary>Printed by a failing property; the rows follow from it.</summary>
    private sealed record Case(RowsShape Shape, FileCompression Codec, int Seed)
    {
        private RandomRows? _rows;

        public RandomRows Rows => _rows ??= new RandomRows(Shape, Seed);
    }
}
