namespace FlowLogAnalyzer.Tests.Support;

/// <summary>A body that is counted, and may end half way, in silence or with an error.</summary>
internal sealed class MeteredBody(Stream inner, Fault fault, Action<int> took) : Stream
{
    private const int CutAfter = 700;
    private int _passed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(Left(buffer.Length) is > 0 and var left ? await inner.ReadAsync(buffer[..left], cancellationToken) : 0);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Count(Left(count) is > 0 and var left ? inner.Read(buffer, offset, left) : 0);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private int Left(int wanted)
    {
        if (fault is not (Fault.BodyBroken or Fault.BodyShort) || _passed < CutAfter)
            return fault is Fault.BodyBroken or Fault.BodyShort ? Math.Min(wanted, CutAfter - _passed) : wanted;
        return fault == Fault.BodyShort ? 0 : throw new IOException("Injected: the body broke off.");
    }

    private int Count(int count)
    {
        _passed += count;
        took(count);
        return count;
    }
}
