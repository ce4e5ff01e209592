namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>Writes the footer: <c>FileMetaData</c> of parquet.thrift, field by field; its length and the magic number follow it.</summary>
internal static class FooterWriter
{
    /// <summary>Readers that distrust the statistics of known faulty writers look at this text.</summary>
    public const string CreatedBy = "FlowLogAnalyzer version 1";

    private const int Version = 2;
    private const int ConvertedUtf8 = 0;
    private const int ConvertedTimestampMicros = 10;
    private const int ConvertedInt16 = 16;

    public static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>What every footer begins with: version and schema.</summary>
    public static ReadOnlySpan<byte> Beginning => Begun;

    private static byte[] Begun { get; } = Begin();

    public static void Write(ByteBuffer output, IReadOnlyList<RowGroupEntry> rowGroups)
    {
        var start = output.Length;
        var thrift = new ThriftCompactWriter();
        thrift.Begin(output);
        BeginFile(thrift);
        thrift.Int64(3, rowGroups.Sum(g => (long)g.Rows));
        thrift.BeginList(4, ThriftType.Struct, rowGroups.Count);
        foreach (var group in rowGroups)
            WriteRowGroup(thrift, group);
        thrift.Text(6, CreatedBy);
        WriteColumnOrders(thrift);
        thrift.EndStruct();
        output.WriteInt32(output.Length - start);
        output.Write(Magic);
    }

    private static byte[] Begin()
    {
        var output = new ByteBuffer();
        var thrift = new ThriftCompactWriter();
        thrift.Begin(output);
        BeginFile(thrift);
        return output.Written.ToArray();
    }

    private static void BeginFile(ThriftCompactWriter thrift)
    {
        thrift.BeginStruct();
        thrift.Int32(1, Version);
        WriteSchema(thrift);
    }

    private static void WriteSchema(ThriftCompactWriter thrift)
    {
        thrift.BeginList(2, ThriftType.Struct, FileColumn.All.Count + 1);
        thrift.BeginStruct();
        thrift.Text(4, "schema");
        thrift.Int32(5, FileColumn.All.Count);
        thrift.EndStruct();
        foreach (var column in FileColumn.All)
        {
            thrift.BeginStruct();
            thrift.Int32(1, (int)column.Physical);
            thrift.Int32(3, column.Nullable ? 1 : 0);
            thrift.Text(4, column.Name);
            WriteLogicalType(thrift, column.Column.Type);
            thrift.EndStruct();
        }
    }

    /// <summary>The old annotation (6) and the new one (10) say the same.</summary>
    private static void WriteLogicalType(ThriftCompactWriter thrift, ColumnType type)
    {
        switch (type)
        {
            case ColumnType.String:
                thrift.Int32(6, ConvertedUtf8);
                thrift.BeginStruct(10);
                thrift.EmptyStruct(1);
                thrift.EndStruct();
                break;
            case ColumnType.Timestamp:
                thrift.Int32(6, ConvertedTimestampMicros);
                thrift.BeginStruct(10);
                thrift.BeginStruct(8);
                thrift.Bool(1, true);
                thrift.BeginStruct(2);
                thrift.EmptyStruct(2);
                thrift.EndStruct();
                thrift.EndStruct();
                thrift.EndStruct();
                break;
            case ColumnType.Short:
                thrift.Int32(6, ConvertedInt16);
                thrift.BeginStruct(10);
                thrift.BeginStruct(10);
                thrift.Byte(1, 16);
                thrift.Bool(2, true);
                thrift.EndStruct();
                thrift.EndStruct();
                break;
        }
    }

    private static void WriteRowGroup(ThriftCompactWriter thrift, RowGroupEntry group)
    {
        thrift.BeginStruct();
        thrift.BeginList(1, ThriftType.Struct, group.Chunks.Length);
        foreach (var chunk in group.Chunks)
        {
            thrift.BeginStruct();
            thrift.Int64(2, 0);
            thrift.BeginStruct(3);
            WriteChunk(thrift, chunk);
            thrift.EndStruct();
            thrift.EndStruct();
        }

        thrift.Int64(2, group.Chunks.Sum(c => c.Uncompressed));
        thrift.Int64(3, group.Rows);
        thrift.Int64(5, group.Chunks.Min(c => c.DictionaryOffset ?? c.DataOffset));
        thrift.Int64(6, group.Chunks.Sum(c => c.Compressed));
        thrift.EndStruct();
    }

    private static void WriteChunk(ThriftCompactWriter thrift, ColumnChunk chunk)
    {
        thrift.Int32(1, (int)chunk.Column.Physical);
        WriteEncodings(thrift, chunk);
        thrift.BeginList(3, ThriftType.Binary, 1);
        thrift.TextElement(chunk.Column.Name);
        thrift.Int32(4, (int)chunk.Compression);
        thrift.Int64(5, chunk.Rows);
        thrift.Int64(6, chunk.Uncompressed);
        thrift.Int64(7, chunk.Compressed);
        thrift.Int64(9, chunk.DataOffset);
        if (chunk.DictionaryOffset is { } offset)
            thrift.Int64(11, offset);
        WriteStatistics(thrift, chunk);
        WriteEncodingCounts(thrift, chunk);
    }

    private static void WriteEncodings(ThriftCompactWriter thrift, ColumnChunk chunk)
    {
        List<ParquetEncoding> encodings = [chunk.Encoding];
        if (chunk.Column.Nullable)
            encodings.Add(ParquetEncoding.Rle);
        if (chunk.DictionaryOffset is not null)
            encodings.Add(ParquetEncoding.Plain);
        thrift.BeginList(2, ThriftType.Int32, encodings.Count);
        foreach (var encoding in encodings)
            thrift.Int32Element((int)encoding);
    }

    /// <summary>min_value and max_value only: the deprecated min and max have no defined order for text.</summary>
    private static void WriteStatistics(ThriftCompactWriter thrift, ColumnChunk chunk)
    {
        thrift.BeginStruct(12);
        thrift.Int64(3, chunk.Nulls);
        if (chunk.Range is { } range)
        {
            thrift.Binary(5, range.MaxBytes(chunk.Column.Physical));
            thrift.Binary(6, range.MinBytes(chunk.Column.Physical));
            thrift.Bool(7, true);
            thrift.Bool(8, true);
        }

        thrift.EndStruct();
    }

    /// <summary>With these a reader knows that a dictionary holds every value of the column, and may prune by it.</summary>
    private static void WriteEncodingCounts(ThriftCompactWriter thrift, ColumnChunk chunk)
    {
        var hasDictionary = chunk.DictionaryOffset is not null;
        thrift.BeginList(13, ThriftType.Struct, hasDictionary ? 2 : 1);
        if (hasDictionary)
            WriteEncodingCount(thrift, PageType.Dictionary, ParquetEncoding.Plain, 1);
        WriteEncodingCount(thrift, PageType.Data, chunk.Encoding, chunk.DataPages);
    }

    private static void WriteEncodingCount(ThriftCompactWriter thrift, PageType page, ParquetEncoding encoding, int count)
    {
        thrift.BeginStruct();
        thrift.Int32(1, (int)page);
        thrift.Int32(2, (int)encoding);
        thrift.Int32(3, count);
        thrift.EndStruct();
    }

    /// <summary>Every column's order is the one its type defines; without this list min_value and max_value may be ignored.</summary>
    private static void WriteColumnOrders(ThriftCompactWriter thrift)
    {
        thrift.BeginList(7, ThriftType.Struct, FileColumn.All.Count);
        for (var i = 0; i < FileColumn.All.Count; i++)
        {
            thrift.BeginStruct();
            thrift.EmptyStruct(1);
            thrift.EndStruct();
        }
    }
}
