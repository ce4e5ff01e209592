using System.Text;
using System.Text.Json;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>
/// A result as the server writes it: a line with the names, one with the types, then a line per row. An error that comes
/// when rows are on their way already is a line of text (ClickHouse docs, "HTTP response codes caveats").
/// </summary>
internal sealed class ClickHouseRows : IDisposable
{
    public const string Format = "JSONCompactEachRowWithNamesAndTypes";

    private readonly ClickHouseConnection _connection;
    private readonly string _what;
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private ClickHouseRows(ClickHouseConnection connection, string what, HttpResponseMessage response)
    {
        (_connection, _what, _response) = (connection, what, response);
        _reader = new StreamReader(response.Content.ReadAsStream(CancellationToken.None), Encoding.UTF8);
    }

    /// <exception cref="ClickHouseException">The server cannot answer.</exception>
    public static QueryRows Ask(ClickHouseConnection connection, string what, string sql)
    {
        var rows = new ClickHouseRows(connection, what, connection.Ask(what, sql));
        try
        {
            var (names, types) = (rows.Head(), rows.Head());
            QueryColumn[] columns = [.. names.Zip(types, (name, type) => new QueryColumn(name, ClickHouseType.Parse(type).ClrType))];
            return new QueryRows(columns, rows.Read([.. types.Select(ClickHouseType.Parse)]), rows);
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }

    private string[] Head()
    {
        try
        {
            return Line() is { } line ? JsonSerializer.Deserialize<string[]>(line)! : throw _connection.Failure(_what, "");
        }
        catch (JsonException e)
        {
            throw new ClickHouseException($"ClickHouse answered {_what} in another form than it was asked for. Leave FORMAT and INTO OUTFILE out of the statement.", inner: e);
        }
    }

    private IEnumerable<object?[]> Read(ClickHouseType[] types)
    {
        while (Line() is { } line)
            yield return Row(types, line);
    }

    private static object?[] Row(ClickHouseType[] types, string line)
    {
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(line));
        json.Read(); // the row's bracket
        var row = new object?[types.Length];
        for (var i = 0; i < row.Length && json.Read(); i++)
            row[i] = types[i].Read(ref json);
        return row;
    }

    private string? Line()
    {
        try
        {
            var line = _reader.ReadLine();
            return line is null || line.StartsWith('[') ? line : throw _connection.Failure(_what, line + "\n" + _reader.ReadToEnd());
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw _connection.Failure(_what, e);
        }
    }
}
