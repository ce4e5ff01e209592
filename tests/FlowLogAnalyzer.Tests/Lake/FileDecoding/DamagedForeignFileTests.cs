using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Lake.Parquet.Reading;
using FlowLogAnalyzer.Lake.Parquet.Writing;
using FlowLogAnalyzer.Lake.Storage;
using FlowLogAnalyzer.Tests.Lake.FileEncoding;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake.FileDecoding;

/// <summary>Files of another writer, which the general reader reads: damaged ones, and ones with values that no lake has.</summary>
public sealed class DamagedForeignFileTests : IDisposable
{
    private const int Rounds = 200;
    private const string Name = "event_date=2026-11-23/part-1.parquet";
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public DamagedForeignFileTests()
    {
        _path = _folder[TupleTable.Folder + Name];
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bytes_that_changed_give_rows_or_an_error_that_names_the_file()
    {
        Write("*");
        var (file, random, unread) = (await File.ReadAllBytesAsync(_path, TestContext.Current.CancellationToken), new Random(5), 0);
        for (var round = 0; round < Rounds; round++)
        {
            // A third of the changes are in the footer.
            var at = random.Next(3) == 0 ? random.Next(file.Length - 9000, file.Length) : random.Next(file.Length);
            var change = (byte)random.Next(1, 256);
            file[at] ^= change;
            await File.WriteAllBytesAsync(_path, file, TestContext.Current.CancellationToken);
            file[at] ^= change;
            try
            {
                await ReadAsync();
            }
            catch (InvalidDataException e)
            {
                Assert.Contains($"{Name}'", e.Message, StringComparison.Ordinal);
                unread++;
            }
        }

        Assert.InRange(unread, Rounds / 4, Rounds);
    }

    [Theory]
    [InlineData("70000 AS src_port", "src_port holds 70000, where 0 to 65535 was expected.")]
    [InlineData("-1::bigint AS bytes_sent", "bytes_sent holds -1, where 0 to 9223372036854775807 was expected.")]
    [InlineData("-1 AS record_index", "record_index holds -1, where 0 to 2147483647 was expected.")]
    [InlineData("null::integer AS tuple_index", "tuple_index lacks a value.")]
    [InlineData("null::varchar AS src_ip", "src_ip lacks a value.")]
    [InlineData("null::timestamptz AS time", "time lacks a value.")]
    public async Task A_value_that_would_be_refused_once_it_was_merged_is_refused_before(string replacement, string expected)
    {
        Write($"* REPLACE ({replacement})");

        var error = await Assert.ThrowsAsync<InvalidDataException>(ReadAsync);

        Assert.Equal($"The data file '{Name}' cannot be one of a lake. Its column {expected} Nothing was written.", error.Message);
    }

    private void Write(string columns)
    {
        var ours = _folder["ours.parquet"];
        File.WriteAllBytes(ours, FileCase.Encode(new FileCase(new RowsShape(200, 2, 40, 10, false, false, 64, 128), FileCompression.Snappy, 1)));
        FileReaders.DuckDbQuery($"COPY (SELECT {columns} FROM read_parquet('{ours}', hive_partitioning = false)) TO '{_path}' (FORMAT parquet)");
    }

    private async Task ReadAsync()
    {
        using var decoder = new TupleFileDecoder();
        var file = new AddFile(Name, new Dictionary<string, string?>(), new FileInfo(_path).Length, 0);
        await foreach (var batch in new TupleFileReader(new SealedFiles(new FolderLakeStore(_folder.Path))).ReadRowsAsync(file, decoder, new TupleBatchPool(0), default))
            Assert.True(batch.Count > 0);
    }
}
