using FlowLogAnalyzer.Lake.Parquet.Reading;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Tests.Lake.FileDecoding;

/// <summary>
/// A data file without the checksums of its pages, as the encoder wrote them once: what is broken in it gets as far as the
/// decoders of the values.
/// </summary>
internal static class UnsealedFile
{
    /// <param name="file">A file of the encoder.</param>
    /// <param name="rows">What the footer says each row group and column has; null = the truth.</param>
    public static byte[] Of(ReadOnlySpan<byte> file, int? rows = null)
    {
        var footer = FooterStart(file);
        var output = new ByteBuffer();
        output.Write(FooterWriter.Magic);
        var groups = new List<RowGroupEntry>();
        foreach (var group in FooterReader.Read(file[footer..^8], footer))
        {
            var chunks = new ColumnChunk[group.Chunks.Count];
            foreach (var chunk in group.Chunks.OrderBy(c => c.Start))
                chunks[chunk.Column.Index] = Copy(file.Slice((int)chunk.Start, chunk.Length), chunk, rows ?? group.Rows, output);
            groups.Add(new RowGroupEntry(rows ?? group.Rows, chunks));
        }

        FooterWriter.Write(output, groups);
        return output.Written.ToArray();
    }

    public static int FooterStart(ReadOnlySpan<byte> file) => file.Length - 8 - BitConverter.ToInt32(file[^8..]);

    private static ColumnChunk Copy(ReadOnlySpan<byte> pages, ChunkLayout chunk, int rows, ByteBuffer output)
    {
        var (start, data, encoding) = (output.Length, -1, ParquetEncoding.Plain);
        while (!pages.IsEmpty)
        {
            var header = PageHeader.Take(ref pages, out var body);
            if (data < 0 && header.Type == PageType.Data)
                (data, encoding) = (output.Length, header.Encoding);
            Write(header, output);
            output.Write(body);
        }

        return new ColumnChunk(chunk.Column)
        {
            Rows = rows,
            Nulls = chunk.Nulls,
            Encoding = encoding,
            Compression = chunk.Compression,
            DictionaryOffset = chunk.HasDictionary ? start : null,
            DataOffset = data,
            Compressed = output.Length - start,
        };
    }

    private static void Write(PageHeader header, ByteBuffer output)
    {
        var thrift = new ThriftCompactWriter();
        thrift.Begin(output);
        thrift.BeginStruct();
        thrift.Int32(1, (int)header.Type);
        thrift.Int32(2, header.Uncompressed);
        thrift.Int32(3, header.Compressed);
        thrift.BeginStruct(header.Type == PageType.Data ? 5 : 7);
        thrift.Int32(1, header.Values);
        thrift.Int32(2, (int)header.Encoding);
        if (header.Type == PageType.Data)
        {
            thrift.Int32(3, (int)ParquetEncoding.Rle);
            thrift.Int32(4, (int)ParquetEncoding.Rle);
        }

        thrift.EndStruct();
        thrift.EndStruct();
    }
}
