using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Parquet.Reading;
using FlowLogAnalyzer.Lake.Parquet.Writing;
using FlowLogAnalyzer.Tests.Lake.FileEncoding;

namespace FlowLogAnalyzer.Tests.Lake.FileDecoding;

/// <summary>Files without checksums in which anything may stand: rows or an error that names the file, in little memory.</summary>
public class HostileFileTests
{
    private const int Rounds = 500;

    /// <summary>No file of a few kilobytes may ask for more: a page can have 64 K rows, whatever its length.</summary>
    private const long MostBytes = 32 << 20;

    public static TheoryData<FileCompression, int, int> Files => new()
    {
        { FileCompression.None, 5, 1 }, { FileCompression.Snappy, 40, 2 }, { FileCompression.Zstd, 40, 3 }, { FileCompression.None, 100_000, 4 },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Bytes_that_changed_give_rows_or_an_error_that_names_the_file(FileCompression codec, int variety, int seed)
    {
        var file = Encode(codec, variety);
        var (random, footer) = (new Random(seed), UnsealedFile.FooterStart(file));
        using var decoder = new TupleFileDecoder();
        var outcomes = new Dictionary<bool, int>();
        for (var round = 0; round < Rounds; round++)
        {
            var damaged = file.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                damaged[random.Next(5) == 0 ? random.Next(footer, file.Length) : random.Next(footer)] = (byte)(random.Next(2) == 0 ? random.Next(256) : random.Next(2) * 0xFF);

            var isRead = await TryReadAsync(damaged, decoder);
            outcomes[isRead] = outcomes.GetValueOrDefault(isRead) + 1;
        }

        // Both ways are gone often, or the files would not test much.
        Assert.All([true, false], way => Assert.InRange(outcomes[way], Rounds / 50, Rounds));
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1 << 28)]
    [InlineData(1 << 20)]
    public async Task Rows_that_the_file_cannot_hold_are_found_before_there_is_room_made_for_them(int rows)
    {
        var case_ = new FileCase(new RowsShape(30, 2, 5, 40, false, false, 16, 64), FileCompression.Snappy, 3);
        using var decoder = new TupleFileDecoder();

        Assert.False(await TryReadAsync(UnsealedFile.Of(FileCase.Encode(case_), rows), decoder));
    }

    [Fact]
    public async Task As_many_rows_as_a_page_can_have_in_as_few_bytes_as_it_can_are_read()
    {
        const int Rows = (2 * FileEncoderOptions.MostPageRows) + 1;
        var case_ = new FileCase(new RowsShape(Rows, 1, 1, 100, false, false, FileEncoderOptions.MostPageRows, FileEncoderOptions.MostRowGroupRows / 2), FileCompression.Snappy, 3);
        using var decoder = new TupleFileDecoder();

        Assert.Equal(Rows, await ReadAsync(FileCase.Encode(case_), decoder));
    }

    [Theory]
    [InlineData(FileCompression.Snappy)]
    [InlineData(FileCompression.Zstd)]
    public void A_page_that_says_it_is_larger_than_its_bytes_can_become_gets_no_room(FileCompression codec)
    {
        var output = new ByteBuffer();
        using var compressor = new PageCompressor(codec);
        using var decompressor = new PageDecompressor();
        compressor.Compress(new byte[4096], codec, output);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<DamageException>(() => decompressor.Decompress(codec, output.Written, 1 << 29));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
    }

    [Theory]
    [InlineData(FileCompression.Snappy)]
    [InlineData(FileCompression.Zstd)]
    public void Nothing_compresses_better_than_a_page_may(FileCompression codec)
    {
        var page = new byte[8 << 20];
        var output = new ByteBuffer();
        using var compressor = new PageCompressor(codec);
        using var decompressor = new PageDecompressor();
        compressor.Compress(page, codec, output);

        Assert.Equal(page, decompressor.Decompress(codec, output.Written, page.Length));
    }

    private static byte[] Encode(FileCompression codec, int variety) =>
        UnsealedFile.Of(FileCase.Encode(new FileCase(new RowsShape(300, 2, variety, 40, variety != 5, false, 100, 160), codec, 3)));

    /// <summary>False for an error as it should be; every other one fails the test.</summary>
    private static async Task<bool> TryReadAsync(byte[] file, TupleFileDecoder decoder)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            await ReadAsync(file, decoder);
            return true;
        }
        catch (InvalidDataException e)
        {
            Assert.StartsWith("The data file 'file' is damaged: ", e.Message, StringComparison.Ordinal);
            return false;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        }
    }

    /// <summary>Returns the rows.</summary>
    private static async Task<int> ReadAsync(byte[] file, TupleFileDecoder decoder)
    {
        var (pool, rows) = (new TupleBatchPool(1 << 20), 0);
        using var stream = new MemoryStream(file);
        var groups = await decoder.OpenAsync(stream, "file", default) ?? [];
        for (var i = 0; i < groups.Count; i++)
        {
            var batch = await decoder.ReadAsync((stream, "file"), groups, i, pool, default);
            rows += batch.Count;
            pool.Return(batch);
        }

        return rows;
    }
}
