using System.Numerics;
using DuckDB.NET.Data;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>A result of DuckDB, in the types of <see cref="QueryRows"/>.</summary>
internal sealed class DuckDbRows : IDisposable
{
    private readonly DuckDBCommand _command;
    private readonly System.Data.Common.DbDataReader _reader;

    private DuckDbRows(DuckDBCommand command)
    {
        _command = command;
        try
        {
            _command.UseStreamingMode = true;
            _reader = _command.ExecuteReader();
        }
        catch
        {
            command.Dispose();
            throw;
        }
    }

    /// <summary>Runs the command, which the rows own from then on.</summary>
    public static QueryRows Of(DuckDBCommand command)
    {
        var rows = new DuckDbRows(command);
        return new QueryRows(rows.Columns(), rows.Read(), rows);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _command.Dispose();
    }

    private List<QueryColumn> Columns() => [.. Enumerable.Range(0, _reader.FieldCount).Select(i => new QueryColumn(_reader.GetName(i), CellType(_reader.GetFieldType(i))))];

    private IEnumerable<object?[]> Read()
    {
        while (_reader.Read())
        {
            var row = new object?[_reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
                row[i] = Cell(_reader.GetValue(i));
            yield return row;
        }
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
