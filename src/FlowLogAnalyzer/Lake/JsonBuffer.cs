using System.Buffers;
using System.Text.Json;

namespace FlowLogAnalyzer.Lake;

/// <summary>Room for JSON that is written in one go: each thread keeps its own, since every blob and every commit writes some.</summary>
internal static class JsonBuffer
{
    private const int FirstBytes = 4 * 1024;
    private const int MostBytesKept = 1024 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _spare;

    /// <summary>What <paramref name="result"/> makes of the bytes that <paramref name="fill"/> has written.</summary>
    public static T Fill<T>(JsonWriterOptions options, Action<ArrayBufferWriter<byte>, Utf8JsonWriter> fill, Func<ReadOnlySpan<byte>, T> result)
    {
        var buffer = _spare ?? new ArrayBufferWriter<byte>(FirstBytes);
        _spare = null;
        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer, options))
            fill(buffer, json);
        var made = result(buffer.WrittenSpan);
        if (buffer.Capacity <= MostBytesKept)
            _spare = buffer;
        return made;
    }
}
