namespace FlowLogAnalyzer.Lab.Logs;

/// <summary>
/// Writes blobs below a folder and grows them as the platform does: new records go before the last two bytes
/// (Azure docs, flow-logs-read: first block, data blocks, last block).
/// </summary>
public sealed class FolderSink(string folder) : ILabSink
{
    private static ReadOnlySpan<byte> Opener => """{"records":["""u8;

    private static ReadOnlySpan<byte> Closer => "]}"u8;

    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    public int Blobs => _paths.Count;

    /// <summary>Adds a commit's records to its blob.</summary>
    /// <exception cref="IOException">The blob's file exists already from somebody else, or cannot be written.</exception>
    public void Commit(LabCommit commit)
    {
        ArgumentNullException.ThrowIfNull(commit);
        var file = Path.Combine([folder, .. commit.Path.Split('/')]);
        var isNew = _paths.Add(commit.Path);
        if (isNew)
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);

        using var stream = new FileStream(file, isNew ? FileMode.Create : FileMode.Open, FileAccess.Write);
        if (isNew)
            stream.Write(Opener);
        else
            stream.Seek(-Closer.Length, SeekOrigin.End);
        for (var i = 0; i < commit.Records.Count; i++)
        {
            if (!isNew || i > 0)
                stream.WriteByte((byte)',');
            stream.Write(commit.Records[i].Span);
        }
        stream.Write(Closer);
    }
}
