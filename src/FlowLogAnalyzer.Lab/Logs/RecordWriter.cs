using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lab.Logs;

/// <summary>Writes the records of one minute of one stream; a busy minute becomes several records of the same time.</summary>
internal abstract class RecordWriter
{
    /// <summary>Where a busy minute is cut: real records of such minutes have 32,178 to 32,270 bytes.</summary>
    public const int MaxRecordBytes = 32_256;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IReadOnlyList<ReadOnlyMemory<byte>> Write(long milliseconds, IReadOnlyList<LogRow> rows)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);
        var records = new List<ReadOnlyMemory<byte>>();
        var taken = new List<(LogRow Row, string Text)>();
        var groups = new HashSet<(string Nsg, string Rule, Direction Direction)>();
        var size = 0;
        foreach (var row in rows)
        {
            var text = TupleText(row);
            var cost = text.Length + 3 + (groups.Contains(GroupKey(row)) ? 0 : GroupOverhead(row));
            if (taken.Count > 0 && Envelope + size + cost > MaxRecordBytes)
            {
                records.Add(Record(time, taken));
                taken.Clear();
                groups.Clear();
                size = 0;
                cost = text.Length + 3 + GroupOverhead(row);
            }
            taken.Add((row, text));
            groups.Add(GroupKey(row));
            size += cost;
        }
        if (taken.Count > 0)
            records.Add(Record(time, taken));
        return records;
    }

    /// <summary>Bytes of a record with no tuple.</summary>
    protected abstract int Envelope { get; }

    /// <summary>Bytes that a further group of tuples takes.</summary>
    protected abstract int GroupOverhead(in LogRow row);

    /// <summary>What the tuples of one group have in common.</summary>
    protected abstract (string Nsg, string Rule, Direction Direction) GroupKey(in LogRow row);

    protected abstract string TupleText(in LogRow row);

    protected abstract void WriteRecord(Utf8JsonWriter json, string time, IReadOnlyList<(LogRow Row, string Text)> tuples);

    protected static void WriteTuples(Utf8JsonWriter json, IEnumerable<string> tuples)
    {
        json.WriteStartArray("flowTuples");
        foreach (var tuple in tuples)
            json.WriteStringValue(tuple);
        json.WriteEndArray();
    }

    private byte[] Record(string time, IReadOnlyList<(LogRow Row, string Text)> tuples)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Compact))
            WriteRecord(json, time, tuples);
        return buffer.WrittenSpan.ToArray();
    }
}
