using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Lake.Parquet.Reading;
using FlowLogAnalyzer.Lake.Parquet.Writing;
using FlowLogAnalyzer.Tests.Lake.FileEncoding;

namespace FlowLogAnalyzer.Tests.Lake.FileDecoding;

/// <summary>Files in which something is not as it was written: an error that says where, or the very same rows.</summary>
public class DamagedFileTests
{
    public static TheoryData<FileCompression, int> Files => new()
    {
        { FileCompression.None, 5 }, { FileCompression.Snappy, 5 }, { FileCompression.Zstd, 5 }, { FileCompression.None, 100_000 },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_byte_that_changed_is_found_or_changes_no_row(FileCompression codec, int variety)
    {
        var file = Encode(codec, variety);
        var rows = (await DecodedRows.ReadAsync(file))!;
        var footer = file.Length - 8 - BitConverter.ToInt32(file, file.Length - 8);
        using var decoder = new TupleFileDecoder();
        var random = new Random(7);
        var unnoticed = 0;
        for (var at = 0; at < file.Length; at++)
        {
            var change = (byte)(random.Next(3) == 0 ? 0xFF : 1 << random.Next(8));
            file[at] ^= change;
            var read = await TryReadAsync(file, decoder);
            file[at] ^= change;
            if (read is null)
                continue;
            FileCase.Same(rows, read);
            unnoticed += at >= 4 && at < footer ? 1 : 0;
        }

        // Everything before the footer is a magic number, headers that are checked, or bytes under a checksum.
        Assert.Equal(0, unnoticed);
    }

    [Fact]
    public async Task A_file_that_ends_too_early_is_found()
    {
        var file = Encode(FileCompression.Snappy, 5);
        using var decoder = new TupleFileDecoder();
        for (var length = 0; length < file.Length; length++)
            Assert.Null(await TryReadAsync(file[..length], decoder));
    }

    [Fact]
    public async Task The_error_names_file_row_group_column_and_page()
    {
        var file = Encode(FileCompression.None, 5, rows: 200);
        file[file.AsSpan().IndexOf("UserRule_"u8)] = (byte)'X';

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => DecodedRows.ReadAsync(file, "event_date=2026-11-23/part-1.parquet"));

        Assert.StartsWith("The data file 'event_date=2026-11-23/part-1.parquet' is damaged: row group 0, column 'rule', dictionary: the checksum is not that of the bytes.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FileCompression.Snappy)]
    [InlineData(FileCompression.Zstd)]
    public void A_compressed_page_without_a_checksum_is_damaged_or_has_its_size(FileCompression codec)
    {
        byte[] page = [.. Enumerable.Range(0, 3000).Select(i => (byte)(i % 7 * (i / 1000)))];
        var output = new ByteBuffer();
        using var compressor = new PageCompressor(codec);
        compressor.Compress(page, codec, output);
        using var decompressor = new PageDecompressor();
        var stored = output.Written.ToArray();
        for (var at = 0; at < stored.Length * 8; at++)
        {
            stored[at / 8] ^= (byte)(1 << (at % 8));
            try
            {
                Assert.Equal(page.Length, decompressor.Decompress(codec, stored, page.Length).Length);
            }
            catch (DamageException)
            {
                // As it should be; any other exception fails the test.
            }

            stored[at / 8] ^= (byte)(1 << (at % 8));
        }

        Assert.Equal(page, decompressor.Decompress(codec, stored, page.Length).ToArray());
    }

    private static byte[] Encode(FileCompression codec, int variety, int rows = 30) =>
        FileCase.Encode(new FileCase(new RowsShape(rows, 2, variety, 40, variety != 5, false, 16, 64), codec, 3));

    /// <summary>As the lake reads it: what does not look like ours goes to Parquet.Net. Null when damage is found.</summary>
    private static async Task<string?[][]?> TryReadAsync(byte[] file, TupleFileDecoder decoder)
    {
        try
        {
            return await DecodedRows.ReadAsync(file, used: decoder) ?? await OfOthersAsync(file);
        }
        catch (InvalidDataException e)
        {
            Assert.Contains("'file' is damaged", e.Message, StringComparison.Ordinal);
            return null;
        }
    }

    private static async Task<string?[][]> OfOthersAsync(byte[] file)
    {
        var rows = new List<string?[]>();
        await using var reader = await ParquetBlockReader.OpenAsync((new MemoryStream(file), "file"), ExpectedRows.Columns, default);
        for (var group = 0; group < reader.GroupCount; group++)
            rows.AddRange(ExpectedRows.Of(BlockBatch.Of(await reader.ReadAsync(group, default))));
        return [.. rows];
    }
}
