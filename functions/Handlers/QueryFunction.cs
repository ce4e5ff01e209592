using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Functions.Handlers;

/// <summary>
/// <c>/api/query?name=top_talkers&amp;set.rows=5&amp;since=2026-11-20T00:00Z</c>, or a POST with one SQL statement: read-only, over
/// the lake and nothing else. Rows as a JSON array of objects, at most <see cref="MostRows"/> and <see cref="MostBytes"/>.
/// </summary>
internal static class QueryFunction
{
    public const int MostRows = 10_000;
    public const int MostBytes = 16 << 20;
    private const int FlushedBytes = 1 << 16;

    /// <summary>An interruption that comes between two steps of a query is forgotten by the engine, so it comes again.</summary>
    private static readonly TimeSpan Insistence = TimeSpan.FromMilliseconds(100);
    private const int MostSqlBytes = 64 * 1024;

    public static async Task RunAsync(Services services, HttpContext context, CancellationToken ct)
    {
        var name = context.Request.Query["name"].ToString();
        var sql = HttpMethods.IsPost(context.Request.Method) ? await ReadAsync(context, ct) : "";
        var query = name.Length > 0 ? QueryLibrary.BuiltIn.Find(name) : null;
        if (query is null && (name.Length > 0 || string.IsNullOrWhiteSpace(sql)))
        {
            await ComplainAsync(context, name.Length > 0 ? $"There is no query '{name}'." : "Give ?name=QUERY, or POST one SQL statement.");
            return;
        }

        if (!Time(context, "since", out var since) || !Time(context, "until", out var until))
        {
            await ComplainAsync(context, "since and until are times such as 2026-11-20T10:30Z.");
            return;
        }

        var variables = context.Request.Query.Where(q => q.Key.StartsWith("set.", StringComparison.Ordinal)).ToDictionary(q => q.Key[4..], q => q.Value.ToString(), StringComparer.Ordinal);
        await services.Engine.WaitAsync(ct);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            patience.CancelAfter(services.Settings.QueryTime); // opening is a part of it: views are computed then
            var json = await AnswerAsync(services, (since, until), window => query is not null ? window.Run(query, variables) : window.Database.Query(sql, variables), patience.Token);
            await HttpText.WriteAsync(context, StatusCodes.Status200OK, "application/json", json);
        }
        catch (Exception e) when (patience.IsCancellationRequested && e is System.Data.Common.DbException or OperationCanceledException)
        {
            await ComplainAsync(context, $"The query was stopped after {services.Settings.QueryTime.TotalSeconds:0} s. Narrow it with since and until, or raise FLOWLOG_QUERY_SECONDS.");
        }
        catch (Exception e) when (e is QueryRefusedException or System.Data.Common.DbException)
        {
            await ComplainAsync(context, e.Message);
        }
        catch (OutOfMemoryException)
        {
            await ComplainAsync(context, $"The answer does not fit into {services.Settings.MemoryMegabytes} MB. Ask for fewer or smaller columns, or raise FLOWLOG_MEMORY_MB.");
        }
        finally
        {
            FreedMemory.GiveBack();
            services.Engine.Release();
        }
    }

    private static async Task<byte[]> AnswerAsync(Services services, (DateTime? Since, DateTime? Until) times, Func<LakeWindow, QueryRows> ask, CancellationToken patience)
    {
        using var window = await services.OpenWindowAsync(times.Since, times.Until, patience);
        await using var stop = new Timer(_ => StopAfter(window.Database, patience), null, Insistence, Insistence);
        using var rows = ask(window);
        return Json(rows, patience);
    }

    private static void StopAfter(LakeDatabase database, CancellationToken patience)
    {
        if (patience.IsCancellationRequested)
            database.Interrupt();
    }

    private static async Task<string> ReadAsync(HttpContext context, CancellationToken ct)
    {
        var buffer = new byte[MostSqlBytes + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        return length > MostSqlBytes ? "" : Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static Task ComplainAsync(HttpContext context, string why) =>
        HttpText.WriteAsync(context, StatusCodes.Status400BadRequest, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(why));

    private static bool Time(HttpContext context, string name, out DateTime? time)
    {
        time = null;
        var text = context.Request.Query[name].ToString();
        if (text.Length == 0)
            return true;
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var read))
            return false;

        time = read;
        return true;
    }

    private static byte[] Json(QueryRows rows, CancellationToken patience)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var row in rows.Read().Take(MostRows))
            {
                patience.ThrowIfCancellationRequested();
                json.WriteStartObject();
                for (var i = 0; i < row.Length; i++)
                {
                    json.WritePropertyName(rows.Columns[i].Name);
                    Cell(json, row[i]);
                }

                json.WriteEndObject();
                if (json.BytesPending > FlushedBytes)
                    json.Flush();
                if (stream.Length > MostBytes)
                    throw new QueryRefusedException($"The answer is larger than {MostBytes >> 20} MB. Ask for fewer rows (limit), or for fewer or shorter columns.");
            }

            json.WriteEndArray();
        }

        return stream.ToArray();
    }

    private static void Cell(Utf8JsonWriter json, object? cell)
    {
        switch (cell)
        {
            case null: json.WriteNullValue(); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case long number: json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            case double: json.WriteNullValue(); break;
            case DateTime time: json.WriteStringValue(time); break;
            case string text: json.WriteStringValue(text); break;
            case IEnumerable list:
                json.WriteStartArray();
                foreach (var item in list)
                    Cell(json, item);
                json.WriteEndArray();
                break;
            default: json.WriteStringValue(Convert.ToString(cell, CultureInfo.InvariantCulture)); break;
        }
    }
}
