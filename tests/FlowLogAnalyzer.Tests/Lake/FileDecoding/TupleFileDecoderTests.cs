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
        await FileCase.All.SampleAsync(async c => FileCase.Same(ExpectedRows.Of(c.Rows), await DecodedRows.ReadAsync(FileCase.Encode(c), used: used)), iter: 200, threads: 1);
    }

    [Fact]
    public async Task The_rows_are_those_that_Parquet_Net_reads()
        => await FileCase.All.SampleAsync(async c => FileCase.Same(await FileReaders.ParquetNetAsync(Write(c)), await DecodedRows.ReadAsync(FileCase.Encode(c))), iter: 50, threads: 1);

    [Fact]
    public async Task The_rows_are_those_that_DuckDB_reads()
        => await FileCase.All.SampleAsync(async c => FileCase.Same(FileReaders.DuckDb(Write(c)), await DecodedRows.ReadAsync(FileCase.Encode(c))), iter: 50, threads: 1);

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
        var case_ = new FileCase(new RowsShape(100, 2, 5, 40, false, false, 64, 64), FileCompression.Snappy, 1);
        var ours = Write(case_);
        var theirs = Path.Combine(_folder, "duckdb.parquet");
        FileReaders.DuckDbQuery($"COPY (SELECT * FROM read_parquet('{ours}')) TO '{theirs}' (FORMAT parquet)");

        Assert.Null(await DecodedRows.ReadAsync(await File.ReadAllBytesAsync(theirs)));
    }

    private string Write(FileCase c)
    {
        var path = Path.Combine(_folder, $"{Interlocked.Increment(ref _files)}.parquet");
        File.WriteAllBytes(path, FileCase.Encode(c));
        return path;
    }
}
