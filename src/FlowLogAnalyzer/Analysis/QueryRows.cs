using System.Numerics;
using DuckDB.NET.Data;

namespace FlowLogAnalyzer.Analysis;

/// <summary>A column of a result; <paramref name="Type"/> is the CLR type of its cells.</summary>
public sealed record QueryColumn(string Name, Type Type);

/// <summary>
/// The rows of a query, read as they come. Cells are string, bool, long, double, DateTime (UTC), DateOnly,
/// a list of these, or null; every whole number is a long.
/// </summary>
public sealed class QueryRows : IDisposable
{
    private readonly DuckDBCommand _command;
    private readonly System.Data.Common.DbDataReader _reader;

    internal QueryRows(DuckDBCommand command)
    {
        _command = command;
        try
        {
            _command.UseStreamingMode = true;
            _reader = _command.ExecuteReader();
            Columns = [.. Enumerable.Range(0, _reader.FieldCount).Select(i => new QueryColumn(_reader.GetName(i), CellType(_reader.GetFieldType(i))))];
        }
        catch
        {
            command.Dispose();
            throw;
        }
    }

    public IReadOnlyList<QueryColumn> Columns { get; }

    /// <summary>The rows, once.</summary>
    public IEnumerable<object?[]> Read()
    {
        while (_reader.Read())
        {
            var row = new object?[Columns.Count];
            for (var i = 0; i < row.Length; i++)
                row[i] = Cell(_reader.GetValue(i));
            yield return row;
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _command.Dispose();
    }

    private static object? Cell(object value) => value switch
    {
        DBNull => null,
        string or bool or double or long or DateOnly => value,
        DateTime time => DateTime.SpecifyKind(time, DateTimeKind.Utc),
        float number => (double)number,
        decimal number => (double)number,
        sbyte or byte or short or ushort or int or uint => Convert.ToInt64(value),
        ulong number => checked((long)number),
        BigInteger number => checked((long)number),
        System.Collections.IDictionary map => map.Keys.Cast<object>().Select(k => $"{k}={Cell(map[k] ?? DBNull.Value)}").ToList<object?>(),
        System.Collections.IEnumerable list => list.Cast<object?>().Select(item => Cell(item ?? DBNull.Value)).ToList(),
        _ => value.ToString(),
    };

    private static Type CellType(Type type) =>
        type == typeof(string) || type == typeof(bool) || type == typeof(DateOnly) || type == typeof(DateTime) ? type
        : type == typeof(float) || type == typeof(double) || type == typeof(decimal) ? typeof(double)
        : type.IsPrimitive || type == typeof(BigInteger) ? typeof(long)
        : typeof(System.Collections.IEnumerable).IsAssignableFrom(type) ? typeof(IReadOnlyList<object?>)
        : typeof(string);
}
