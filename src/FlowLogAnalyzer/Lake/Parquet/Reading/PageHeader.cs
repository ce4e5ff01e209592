using System.IO.Hashing;
using System.Runtime.InteropServices;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>A page's header (parquet.thrift, <c>PageHeader</c>).</summary>
/// <param name="Type">Data (version 1) or dictionary.</param>
/// <param name="Uncompressed">Bytes of the body before compression.</param>
/// <param name="Compressed">Bytes of the body as it is stored.</param>
/// <param name="Checksum">CRC-32 of the stored body; null in files of before it was written.</param>
/// <param name="Values">Rows, or entries of the dictionary.</param>
/// <param name="Encoding">Of the values.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PageHeader(PageType Type, int Uncompressed, int Compressed, int? Checksum, int Values, ParquetEncoding Encoding)
{
    /// <summary>Takes header and body off the front of <paramref name="pages"/>; the body is whole if it has a checksum.</summary>
    public static PageHeader Take(ref ReadOnlySpan<byte> pages, out ReadOnlySpan<byte> body)
    {
        var thrift = new ThriftCompactReader(pages);
        var (page, uncompressed, compressed, checksum, values, encoding) = (-1, -1, -1, (int?)null, -1, -1);
        for (var id = 0; thrift.Next(ref id, out var type);)
        {
            switch (id)
            {
                case 1:
                    page = thrift.Int32(type);
                    break;
                case 2:
                    uncompressed = thrift.Int32(type);
                    break;
                case 3:
                    compressed = thrift.Int32(type);
                    break;
                case 4:
                    checksum = thrift.Int32(type);
                    break;
                case 5 when page == (int)PageType.Data:
                case 7 when page == (int)PageType.Dictionary:
                    ThriftCompactReader.Expect(type, ThriftType.Struct);
                    (values, encoding) = ReadKind(ref thrift);
                    break;
                default:
                    throw new DamageException($"a page has no field {id}");
            }
        }

        DamageException.Unless(uncompressed >= 0 && compressed >= 0 && values >= 0, "the page's header is not whole");
        DamageException.Unless(compressed <= thrift.Rest.Length, $"the page has {compressed} bytes, {thrift.Rest.Length} are left in the column");
        body = thrift.Rest[..compressed];
        pages = thrift.Rest[compressed..];
        DamageException.Unless(checksum is not { } sum || sum == (int)Crc32.HashToUInt32(body), "the checksum is not that of the bytes");
        return new PageHeader((PageType)page, uncompressed, compressed, checksum, values, (ParquetEncoding)encoding);
    }

    private static (int Values, int Encoding) ReadKind(ref ThriftCompactReader thrift)
    {
        var (values, encoding) = (-1, -1);
        for (var id = 0; thrift.Next(ref id, out var type);)
        {
            var number = thrift.Int32(type);
            switch (id)
            {
                case 1:
                    values = number;
                    break;
                case 2:
                    encoding = number;
                    break;
                case 3 or 4:
                    DamageException.Unless(number == (int)ParquetEncoding.Rle, $"levels of encoding {number} are unknown to the lake");
                    break;
                default:
                    throw new DamageException($"a page's description has no field {id}");
            }
        }

        return (values, encoding);
    }
}
