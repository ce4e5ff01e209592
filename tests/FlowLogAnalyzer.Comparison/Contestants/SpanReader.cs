using System.Buffers.Text;
using System.Text.Json;

namespace FlowLogAnalyzer.Comparison;

/// <summary>
/// A careful hand-written program: <see cref="Utf8JsonReader"/> over the file's bytes, the tuples cut with spans and
/// <see cref="Utf8Parser"/> into column arrays, no allocation per tuple. It only parses: it keeps nothing and writes nothing.
/// </summary>
internal sealed class SpanReader(string name, int threads) : IContestant
{
    public string Name => name;

    public string Does => "`Utf8JsonReader` and spans, parse only, files";

    public int Threads => threads;

    public async ValueTask<long> RunAsync(IReadOnlyList<string> files, string output) => await Blobs.SumAsync(files, threads, () =>
    {
        byte[] buffer = [];
        var columns = new SpanColumns();
        return file => columns.Read(Blobs.Load(file, ref buffer));
    });
}

internal sealed class SpanColumns
{
    private readonly long[] _time = new long[1 << 18];
    private readonly uint[] _source = new uint[1 << 18];
    private readonly uint[] _destination = new uint[1 << 18];
    private readonly ushort[] _sourcePort = new ushort[1 << 18];
    private readonly ushort[] _destinationPort = new ushort[1 << 18];
    private readonly byte[] _codes = new byte[4 << 18];
    private readonly long[] _counters = new long[4 << 18];
    private readonly List<string> _rules = [];
    private int _count;

    public long Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        long rows = 0;
        var (inTuples, isRule) = (false, false);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    (inTuples, isRule) = (reader.ValueTextEquals("flowTuples"u8), reader.ValueTextEquals("rule"u8));
                    break;
                case JsonTokenType.EndArray:
                    inTuples = false;
                    break;
                case JsonTokenType.String when inTuples:
                    Tuple(reader.ValueSpan);
                    rows++;
                    break;
                case JsonTokenType.String when isRule:
                    _rules.Add(reader.GetString()!);
                    break;
            }
        }

        _rules.Clear();
        return rows;
    }

    private void Tuple(ReadOnlySpan<byte> text)
    {
        var row = _count++ & ((1 << 18) - 1);
        Utf8Parser.TryParse(Next(ref text), out _time[row], out _);
        _source[row] = Address(Next(ref text));
        _destination[row] = Address(Next(ref text));
        Utf8Parser.TryParse(Next(ref text), out _sourcePort[row], out _);
        Utf8Parser.TryParse(Next(ref text), out _destinationPort[row], out _);
        for (var i = 0; i < 4; i++)
            _codes[(4 * row) + i] = Next(ref text)[0];
        for (var i = 0; i < 4; i++)
        {
            if (!Utf8Parser.TryParse(Next(ref text), out _counters[(4 * row) + i], out _))
                _counters[(4 * row) + i] = -1;
        }
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> text)
    {
        var comma = text.IndexOf((byte)',');
        var field = comma < 0 ? text : text[..comma];
        text = comma < 0 ? [] : text[(comma + 1)..];
        return field;
    }

    private static uint Address(ReadOnlySpan<byte> text)
    {
        uint address = 0;
        for (var i = 0; i < 4; i++)
        {
            Utf8Parser.TryParse(text, out byte part, out var used);
            address = (address << 8) | part;
            text = text[Math.Min(text.Length, used + 1)..];
        }

        return address;
    }
}
