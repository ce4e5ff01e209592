using System.Text;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>
/// Reads the footers that <see cref="FooterWriter"/> writes, and only those. A footer has no checksum, so everything that
/// leads to the rows is said twice and compared: the chunks have to fill the file without a gap, each with all rows.
/// </summary>
internal static class FooterReader
{
    /// <summary>Less than the header of a page and a run in it take.</summary>
    private const int LeastPageBytes = 16;

    private static readonly byte[] CreatedBy = Encoding.UTF8.GetBytes(FooterWriter.CreatedBy);

    /// <summary>
    /// True for a file that the encoder wrote; others are for a general reader. The text is searched for, not read as a field:
    /// of a footer that is damaged elsewhere it still says that it has to be as the encoder writes it.
    /// </summary>
    public static bool IsOurs(ReadOnlySpan<byte> footer) => footer.IndexOf(CreatedBy) >= 0;

    /// <param name="footer">Of a file that is ours.</param>
    /// <param name="fileLength">Bytes of the file that lie before the footer.</param>
    public static IReadOnlyList<RowGroupLayout> Read(ReadOnlySpan<byte> footer, long fileLength)
    {
        DamageException.Unless(footer.StartsWith(FooterWriter.Beginning), "the schema is not that of the lake");
        var thrift = new ThriftCompactReader(footer);
        var (rows, groups) = (-1L, new List<RowGroupLayout>());
        for (var id = 0; thrift.Next(ref id, out var type);)
        {
            switch (id)
            {
                case 3:
                    rows = thrift.Int64(type);
                    break;
                case 4:
                    for (var left = thrift.List(type, ThriftType.Struct); left > 0; left--)
                        groups.Add(ReadGroup(ref thrift));
                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        DamageException.Unless(thrift.Rest.IsEmpty, "the footer ends too early");
        DamageException.Unless(rows == groups.Sum(g => (long)g.Rows), $"the row groups have {groups.Sum(g => (long)g.Rows)} rows, the file {rows}");
        CheckPlaces(groups, fileLength);
        return groups;
    }

    private static RowGroupLayout ReadGroup(ref ThriftCompactReader thrift)
    {
        var (rows, values, chunks) = (-1L, new List<long>(), new List<ChunkLayout>());
        for (var id = 0; thrift.Next(ref id, out var type);)
        {
            switch (id)
            {
                case 1:
                    for (var left = thrift.List(type, ThriftType.Struct); left > 0; left--)
                        chunks.Add(ReadChunk(ref thrift, chunks.Count, values));
                    break;
                case 3:
                    rows = thrift.Int64(type);
                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        DamageException.Unless(rows is > 0 and <= FileEncoderOptions.MostRowGroupRows, $"a row group cannot have {rows} rows");
        DamageException.Unless(chunks.Count == FileColumn.All.Count, $"a row group has {chunks.Count} columns, the schema {FileColumn.All.Count}");
        DamageException.Unless(values.Count == chunks.Count && values.TrueForAll(v => v == rows), $"a column has not the {rows} values of its row group");
        DamageException.Unless(rows <= (long)chunks.Min(c => c.Length / LeastPageBytes) * FileEncoderOptions.MostPageRows, $"the pages of a row group are too few for {rows} rows");
        var start = chunks.Min(c => c.Start);
        var length = chunks.Sum(c => (long)c.Length);
        DamageException.Unless(length <= Array.MaxLength, $"a row group of {length} bytes is too large");
        return new RowGroupLayout((int)rows, start, (int)length, chunks);
    }

    private static ChunkLayout ReadChunk(ref ThriftCompactReader thrift, int index, List<long> values)
    {
        DamageException.Unless(index < FileColumn.All.Count, "a row group has more columns than the schema");
        ChunkLayout? chunk = null;
        for (var id = 0; thrift.Next(ref id, out var type);)
        {
            if (id == 3)
            {
                ThriftCompactReader.Expect(type, ThriftType.Struct);
                chunk = ReadMetadata(ref thrift, FileColumn.All[index], values);
            }
            else
            {
                thrift.Skip(type);
            }
        }

        return chunk ?? throw new DamageException($"nothing is said of column '{FileColumn.All[index].Name}'");
    }

    private static ChunkLayout ReadMetadata(ref ThriftCompactReader thrift, FileColumn column, List<long> values)
    {
        var (physical, codec, name, length, data, dictionary, nulls) = (-1, -1, "", -1L, -1L, (long?)null, -1L);
        for (var id = 0; thrift.Next(ref id, out var type);)
        {
            switch (id)
            {
                case 1:
                    physical = thrift.Int32(type);
                    break;
                case 3:
                    DamageException.Unless(thrift.List(type, ThriftType.Binary) == 1, "a column of the lake has no parts");
                    name = thrift.TextElement();
                    break;
                case 4:
                    codec = thrift.Int32(type);
                    break;
                case 5:
                    values.Add(thrift.Int64(type));
                    break;
                case 7:
                    length = thrift.Int64(type);
                    break;
                case 9:
                    data = thrift.Int64(type);
                    break;
                case 11:
                    dictionary = thrift.Int64(type);
                    break;
                case 12:
                    ThriftCompactReader.Expect(type, ThriftType.Struct);
                    nulls = ReadNullCount(ref thrift);
                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        DamageException.Unless(name == column.Name && physical == (int)column.Physical, $"column '{column.Name}' was expected, not '{name}'");
        DamageException.Unless((FileCompression)codec is FileCompression.None or FileCompression.Snappy or FileCompression.Zstd, $"column '{name}' is compressed in a way unknown to the lake ({codec})");
        DamageException.Unless(length is > 0 and <= int.MaxValue && data >= (dictionary ?? data), $"column '{name}' cannot lie where it is said to");
        return new ChunkLayout(column)
        {
            Compression = (FileCompression)codec,
            HasDictionary = dictionary is not null,
            Start = dictionary ?? data,
            DataStart = data,
            Length = (int)length,
            Nulls = nulls,
        };
    }

    private static long ReadNullCount(ref ThriftCompactReader thrift)
    {
        var nulls = -1L;
        for (var id = 0; thrift.Next(ref id, out var type);)
        {
            if (id == 3)
                nulls = thrift.Int64(type);
            else
                thrift.Skip(type);
        }

        return nulls;
    }

    private static void CheckPlaces(List<RowGroupLayout> groups, long end)
    {
        var at = (long)FooterWriter.Magic.Length;
        foreach (var chunk in groups.SelectMany(g => g.Chunks.OrderBy(c => c.Start)))
        {
            DamageException.Unless(chunk.Start == at && chunk.DataStart < at + chunk.Length, $"column '{chunk.Column.Name}' does not begin where the one before it ends");
            at += chunk.Length;
        }

        DamageException.Unless(at == end, "the columns do not fill the file");
    }
}
