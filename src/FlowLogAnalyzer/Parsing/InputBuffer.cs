using System.Buffers;

namespace FlowLogAnalyzer.Parsing;

/// <summary>
/// Bytes of a stream that are not consumed yet, in one rented array. It grows only for a single text that does not fit,
/// up to a limit.
/// </summary>
internal sealed class InputBuffer(Stream stream, int maxBytes) : IDisposable
{
    private const int FirstBytes = 256 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int _start;
    private int _end;

    public bool IsEnd { get; private set; }

    public long BytesRead { get; private set; }

    public ReadOnlySpan<byte> Data => _bytes.AsSpan(_start, _end - _start);

    /// <summary>True when the unconsumed bytes reached the limit.</summary>
    public bool IsAtLimit => _end - _start >= maxBytes;

    public void Consume(int count) => _start += count;

    public async ValueTask FillAsync(CancellationToken ct)
    {
        MakeRoom();

        // Never beyond the limit, so that what is too long does not depend on the size of the pieces.
        var room = Math.Min(_bytes.Length - _end, maxBytes - _end);
        var read = await stream.ReadAsync(_bytes.AsMemory(_end, room), ct);
        _end += read;
        BytesRead += read;
        IsEnd = read == 0;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void MakeRoom()
    {
        var length = _end - _start;
        if (length > _bytes.Length / 2)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
            Data.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
        else
        {
            Data.CopyTo(_bytes);
        }

        _start = 0;
        _end = length;
    }
}
