using System.Globalization;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;
using Parquet;
using Parquet.Schema;

namespace FlowLogAnalyzer.Tests.Lake.FileEncoding;

/// <summary>A data file's rows by readers that are not ours, in the form of <see cref="ExpectedRows"/>.</summary>
public static class FileReaders
{
    private const string Null = "null";

    private static IReadOnlyList<Column> Columns => ExpectedRows.Columns;

    public static async Task<string?[][]> ParquetNetAsync(string path)
    {
        await using var reader = await ParquetReader.CreateAsync(path);
        var rows = new List<string?[]>();
        for (var g = 0; g < reader.RowGroupCount; g++)
        {
            using var group = reader.OpenRowGroupReader(g);
            var count = checked((int)group.RowCount);
            var start = rows.Count;
            rows.AddRange(Enumerable.Range(0, count).Select(_ => new string?[Columns.Count]));
            foreach (var (field, c) in reader.Schema.DataFields.Select((f, c) => (f, c)))
            {
                var cells = await ParquetNetColumnAsync(group, field, Columns[c], count);
                for (var i = 0; i < count; i++)
                    rows[start + i][c] = cells[i];
            }
        }

        return [.. rows];
    }

    public static string?[][] DuckDb(string path)
    {
        var select = string.Join(", ", Columns.Select(c => c.Type == ColumnType.Timestamp ? $"epoch_us({c.Name})::VARCHAR" : $"{c.Name}::VARCHAR"));
        return DuckDbQuery($"SELECT {select} FROM read_parquet('{path}')");
    }

    public static string?[][] DuckDbQuery(string sql)
        => [.. Duck.Query(sql).Select(r => r.Select(v => v is null ? null : Convert.ToString(v, CultureInfo.InvariantCulture)).ToArray())];

    public static string?[][] ParquetCpp(string path)
    {
        using var file = new ParquetSharp.ParquetFileReader(path);
        var rows = new List<string?[]>();
        for (var g = 0; g < file.FileMetaData.NumRowGroups; g++)
        {
            using var group = file.RowGroup(g);
            var count = checked((int)group.MetaData.NumRows);
            var start = rows.Count;
            rows.AddRange(Enumerable.Range(0, count).Select(_ => new string?[Columns.Count]));
            for (var c = 0; c < Columns.Count; c++)
            {
                using var column = group.Column(c);
                using var logical = column.LogicalReader();
                var cells = logical.Apply(new CellVisitor(count));
                for (var i = 0; i < count; i++)
                    rows[start + i][c] = cells[i];
            }
        }

        return [.. rows];
    }

    /// <summary>The rows of several files, all read by one process.</summary>
    public static async Task<string?[][][]> ClickHouseAsync(IEnumerable<string> paths)
    {
        var read = await ClickHouse.QueryAsync([.. paths.Select(ClickHouseSql)]);
        return [.. read.Select(file => file.Select(row => row.Select(c => c == Null ? null : c[1..]).ToArray()).ToArray())];
    }

    /// <summary>Every value with a sign in front, so that an empty text is not taken for a null.</summary>
    private static string ClickHouseSql(string path)
    {
        var select = string.Join(", ", Columns.Select(c => $"ifNull(concat('=', toString({(c.Type == ColumnType.Timestamp ? $"toUnixTimestamp64Micro({c.Name})" : c.Name)})), '{Null}')"));
        return $"SELECT {select} FROM file('{path}', Parquet) SETTINGS max_threads = 1, input_format_parquet_preserve_order = 1";
    }

    private static async Task<string?[]> ParquetNetColumnAsync(ParquetRowGroupReader group, DataField field, Column column, int count)
    {
        switch (column.Type)
        {
            case ColumnType.String:
                var texts = new string?[count];
                await group.ReadAsync(field, texts.AsMemory());
                return texts;
            case ColumnType.Timestamp:
                return await ReadAsync<DateTime>(group, field, count, t => ((t.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture));
            case ColumnType.Long:
                return await ReadAsync<long>(group, field, count, v => v.ToString(CultureInfo.InvariantCulture));
            case ColumnType.Short:
                return await ReadAsync<short>(group, field, count, v => v.ToString(CultureInfo.InvariantCulture));
            default:
                return await ReadAsync<int>(group, field, count, v => v.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static async Task<string?[]> ReadAsync<T>(ParquetRowGroupReader group, DataField field, int count, Func<T, string> text)
        where T : struct
    {
        if (!field.IsNullable)
        {
            var all = new T[count];
            await group.ReadAsync<T>(field, all.AsMemory());
            return [.. all.Select(text)];
        }

        var values = new T?[count];
        await group.ReadAsync<T>(field, values.AsMemory());
        return [.. values.Select(v => v is { } value ? text(value) : null)];
    }

    private sealed class CellVisitor(int count) : ParquetSharp.ILogicalColumnReaderVisitor<string?[]>
    {
        public string?[] OnLogicalColumnReader<TValue>(ParquetSharp.LogicalColumnReader<TValue> reader) =>
            [.. reader.ReadAll(count).Select(v => v switch
            {
                null => null,
                DateTime t => ((t.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture),
                var other => Convert.ToString(other, CultureInfo.InvariantCulture),
            })];
    }
}
