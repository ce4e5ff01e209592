using System.Globalization;
using System.Runtime.InteropServices;
using FlowLogAnalyzer.Lake;
using ParquetSharp;
using Column = FlowLogAnalyzer.Lake.Column;
using Encoding = System.Text.Encoding;

namespace FlowLogAnalyzer.Tests.Lake.FileEncoding;

/// <summary>Nulls, minimum and maximum per row group and column, as parquet-cpp finds them in the footer and as they must be.</summary>
public static class FooterStatistics
{
    /// <summary>Numbers by value, text by UTF-8 bytes.</summary>
    public static IComparer<string> Order(Column column) => Comparer<string>.Create((a, b) => column.Type == ColumnType.String
        ? Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b))
        : long.Parse(a, CultureInfo.InvariantCulture).CompareTo(long.Parse(b, CultureInfo.InvariantCulture)));

    public static List<string> Expected(string?[][] rows, int rowGroupRows)
    {
        var lines = new List<string>();
        foreach (var (group, g) in rows.Chunk(rowGroupRows).Select((r, g) => (r, g)))
        {
            for (var c = 0; c < ExpectedRows.Columns.Count; c++)
            {
                var values = group.Select(r => r[c]).OfType<string>().Order(Order(ExpectedRows.Columns[c])).ToArray();
                lines.Add(Line(g, c, group.Length - values.Length, values.FirstOrDefault(), values.LastOrDefault()));
            }
        }

        return lines;
    }

    public static List<string> Read(string path)
    {
        var lines = new List<string>();
        using var file = new ParquetFileReader(path);
        for (var g = 0; g < file.FileMetaData.NumRowGroups; g++)
        {
            using var group = file.RowGroup(g);
            for (var c = 0; c < ExpectedRows.Columns.Count; c++)
            {
                using var statistics = group.MetaData.GetColumnChunkMetaData(c).Statistics!;
                var hasRange = statistics.HasMinMax;
                lines.Add(Line(g, c, statistics.NullCount, hasRange ? Text(statistics.MinUntyped) : null, hasRange ? Text(statistics.MaxUntyped) : null));
            }
        }

        return lines;
    }

    private static string Line(int group, int column, long nulls, string? min, string? max)
        => $"row group {group}, {ExpectedRows.Columns[column].Name}: {nulls} nulls, {min ?? "null"} to {max ?? "null"}";

    private static string? Text(object value)
    {
        if (value is not ByteArray bytes)
            return Convert.ToString(value, CultureInfo.InvariantCulture);
        var copy = new byte[bytes.Length];
        if (copy.Length > 0)
            Marshal.Copy(bytes.Pointer, copy, 0, copy.Length);
        return Encoding.UTF8.GetString(copy);
    }
}
