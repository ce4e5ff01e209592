using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>
/// Collects what an <c>add</c> says about its file (Delta protocol, "Per-file Statistics"): the number of rows, and for
/// the columns people filter on their least and greatest value and the number of nulls.
/// </summary>
internal sealed class FileStatistics(IReadOnlyList<Column> columns)
{
    /// <summary>Longer texts are cut: the least one to a prefix, the greatest one to a prefix that is above every text with it.</summary>
    private const int MaxText = 512;
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Range[] _ranges = [.. columns.Select(_ => new Range())];
    private long _rows;

    public void Add(ColumnBlock block)
    {
        _rows += block.Count;
        for (var c = 0; c < columns.Count; c++)
        {
            if (!columns[c].HasStatistics)
                continue;
            if (columns[c].Type == ColumnType.String)
                _ranges[c].Add(block.Texts(c).AsSpan(0, block.Count));
            else if (columns[c].Type is ColumnType.Long or ColumnType.Timestamp)
                _ranges[c].Add(block.Longs(c).AsSpan(0, block.Count));
            else
                _ranges[c].Add(block.Ints(c).AsSpan(0, block.Count));
        }
    }

    /// <summary>The same text from statistics that are known already.</summary>
    public static string ToJson(long rows, IReadOnlyList<ColumnStatistics> known)
    {
        var statistics = new FileStatistics([.. known.Select(k => k.Column)]) { _rows = rows };
        for (var c = 0; c < known.Count; c++)
            statistics._ranges[c].Set(known[c]);
        return statistics.ToJson();
    }

    public string ToJson() => JsonBuffer.Fill(Options, (_, json) => Write(json), Encoding.UTF8.GetString);

    internal static string CutMax(string text)
    {
        if (text.Length <= MaxText)
            return text;

        // The greatest character behind the prefix puts it above every text that begins with the prefix.
        return CutMin(text) + "\U0010FFFF";
    }

    internal static string CutMin(string text)
    {
        if (text.Length <= MaxText)
            return text;

        return char.IsHighSurrogate(text[MaxText - 1]) ? text[..(MaxText - 1)] : text[..MaxText];
    }

    private void Write(Utf8JsonWriter w)
    {
        w.WriteStartObject();
        w.WriteNumber("numRecords", _rows);
        Object(w, "minValues", (range, column) => range.WriteMin(w, column));
        Object(w, "maxValues", (range, column) => range.WriteMax(w, column));
        Object(w, "nullCount", (range, column) => w.WriteNumber(column.Name, range.Nulls));
        w.WriteEndObject();
    }

    private void Object(Utf8JsonWriter w, string name, Action<Range, Column> write)
    {
        w.WriteStartObject(name);
        for (var c = 0; c < columns.Count; c++)
            if (columns[c].HasStatistics)
                write(_ranges[c], columns[c]);
        w.WriteEndObject();
    }

    private sealed class Range
    {
        private string? _minText;
        private string? _maxText;
        private long _min = long.MaxValue;
        private long _max = long.MinValue;

        public long Nulls { get; private set; }

        public void Add(ReadOnlySpan<string?> values)
        {
            string? last = null;
            foreach (var value in values)
            {
                if (value is null)
                    Nulls++;
                else if (!ReferenceEquals(value, last))
                {
                    _minText = _minText is null || Utf8Order.Compare(value, _minText) < 0 ? value : _minText;
                    _maxText = _maxText is null || Utf8Order.Compare(value, _maxText) > 0 ? value : _maxText;
                    last = value;
                }
            }
        }

        public void Add(ReadOnlySpan<long> values)
        {
            foreach (var value in values)
                Add(value, value == ColumnBlock.NullLong);
        }

        public void Add(ReadOnlySpan<int> values)
        {
            foreach (var value in values)
                Add(value, value == ColumnBlock.NullInt);
        }

        public void Set(ColumnStatistics known)
        {
            Nulls = known.NullCount;
            (_minText, _maxText) = (known.Min as string, known.Max as string);
            if (known.Min is not null and not string)
                (_min, _max) = (Number(known.Min), Number(known.Max!));
        }

        public void WriteMin(Utf8JsonWriter w, Column column) => Write(w, column, _minText is null ? null : CutMin(_minText), _min);

        public void WriteMax(Utf8JsonWriter w, Column column) => Write(w, column, _maxText is null ? null : CutMax(_maxText), _max);

        private static long Number(object value) => value is DateTime time ? UnixTime.ToMs(time) : Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);

        private void Add(long value, bool isNull)
        {
            if (isNull)
                Nulls++;
            else
                (_min, _max) = (Math.Min(_min, value), Math.Max(_max, value));
        }

        private void Write(Utf8JsonWriter w, Column column, string? text, long number)
        {
            if (column.Type == ColumnType.String)
            {
                if (text is not null)
                    w.WriteString(column.Name, text);
            }
            else if (_min <= _max)
            {
                if (column.Type == ColumnType.Timestamp)
                    w.WriteString(column.Name, UnixTime.ToDateTime(number).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
                else if (column.Type == ColumnType.Date)
                    w.WriteString(column.Name, UnixTime.DayText((int)number));
                else
                    w.WriteNumber(column.Name, number);
            }
        }
    }
}
