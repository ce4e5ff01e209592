using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text.Json;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Triggers.Events;

/// <summary>A refused flow to be sent.</summary>
/// <param name="FirstSeen">UTC.</param>
/// <param name="Event">OCSF Network Activity; flows of one NIC have one key, and so one order.</param>
public sealed record DeniedFlow(DateTime FirstSeen, OutgoingEvent Event);

/// <summary>Refused flows as OCSF Network Activity, by the query that <c>flowlog query ocsf</c> runs: its columns with dots become objects.</summary>
public static class DeniedFlowEvents
{
    /// <summary>activity_id of OCSF Network Activity.</summary>
    private const int Refuse = 5;

    private static readonly string[] Keys = ["src_endpoint.mac", "dst_endpoint.mac", "metadata.uid"];

    /// <summary>Logs come late; flows younger than this are left to the next run.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(15);

    /// <summary>The refused flows of the database's window, oldest first, each with a uid that is the same in every run.</summary>
    public static IEnumerable<DeniedFlow> Read(LakeDatabase database)
    {
        var ocsf = database.Library.In("export").Single(q => q.Name == "ocsf").Sql.TrimEnd().TrimEnd(';');
        using var rows = database.Read($"select * from ({ocsf}\n) where activity_id = {Refuse} order by \"time\", \"metadata.uid\"", null);
        var names = rows.Columns.Select(c => c.Name).ToList();
        var (paths, time, keys) = (names.ConvertAll(n => n.Split('.')), names.IndexOf("time"), Keys.Select(k => names.IndexOf(k)).ToArray());
        foreach (var row in rows.Read())
        {
            var key = keys.Select(k => row[k]).OfType<string>().First();
            yield return new DeniedFlow(DateTimeOffset.FromUnixTimeMilliseconds((long)row[time]!).UtcDateTime, new OutgoingEvent(key, Json(paths, row)));
        }
    }

    /// <summary>Columns of one object stand beside each other; what is null is left out.</summary>
    private static ReadOnlyMemory<byte> Json(List<string[]> paths, object?[] row)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        string[] open = [];
        json.WriteStartObject();
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i] is null)
                continue;

            open = Enter(json, open, paths[i][..^1]);
            json.WritePropertyName(paths[i][^1]);
            WriteCell(json, row[i]);
        }

        Enter(json, open, []);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>Closes the objects that are open and not on the way to <paramref name="wanted"/>, and opens those that are missing.</summary>
    private static string[] Enter(Utf8JsonWriter json, string[] open, string[] wanted)
    {
        var shared = open.Zip(wanted).TakeWhile(pair => pair.First == pair.Second).Count();
        for (var i = open.Length; i > shared; i--)
            json.WriteEndObject();
        foreach (var name in wanted[shared..])
            json.WriteStartObject(name);
        return wanted;
    }

    private static void WriteCell(Utf8JsonWriter json, object? cell)
    {
        switch (cell)
        {
            case long number: json.WriteNumberValue(number); break;
            case double number: json.WriteNumberValue(number); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case string text: json.WriteStringValue(text); break;
            case IEnumerable list:
                json.WriteStartArray();
                foreach (var item in list)
                    WriteCell(json, item);
                json.WriteEndArray();
                break;
            default: json.WriteStringValue(Convert.ToString(cell, CultureInfo.InvariantCulture)); break;
        }
    }
}
