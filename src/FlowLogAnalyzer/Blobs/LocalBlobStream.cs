using FlowLogAnalyzer.Parsing;
using Microsoft.Win32.SafeHandles;

namespace FlowLogAnalyzer.Blobs;

/// <summary>A range of a file that must stay what it was: its state is checked when it is opened and again behind the last byte.</summary>
internal sealed class LocalBlobStream : ForwardStream
{
    private readonly SourceBlob _blob;
    private readonly SafeFileHandle _handle;
    private long _position;
    private bool _checked;

    private LocalBlobStream(SourceBlob blob, SafeFileHandle handle, long offset) => (_blob, _handle, _position) = (blob, handle, offset);

    public static LocalBlobStream Open(SourceBlob blob, long offset)
    {
        try
        {
            var handle = File.OpenHandle(blob.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
            var stream = new LocalBlobStream(blob, handle, offset);
            stream.CheckState();
            return stream;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BlobGoneException(blob.Path);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, _blob.Length - _position);
        var count = wanted > 0 ? RandomAccess.Read(_handle, buffer[..wanted], _position) : 0;
        if (count == 0 && buffer.Length > 0)
            CheckEnd();
        _position += count;
        return count;
    }

    /// <summary>Reads at once: a hop to another thread costs more than a read that the kernel has made ahead.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<int>(Read(buffer.Span));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _handle.Dispose();
        base.Dispose(disposing);
    }

    private void CheckEnd()
    {
        if (_checked)
            return;
        _checked = true;
        if (_position < _blob.Length)
            throw new BlobChangedException(_blob.Path);
        CheckState();
    }

    private void CheckState()
    {
        var file = new FileInfo(_blob.Path);
        if (file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
            file = target;
        if (!file.Exists)
            throw new BlobGoneException(_blob.Path);
        if (LocalBlobSource.ETag(file) != _blob.ETag)
            throw new BlobChangedException(_blob.Path);
    }
}
